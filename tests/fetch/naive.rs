//! `--naive` prints what the course module's program prints, and dies where that dies.

use super::program::{Server, answers, closed_port, fetch, page, stderr, stdout};
use std::net::UdpSocket;
use std::thread;

#[test]
fn it_prints_the_head_with_the_page_and_its_own_messages() {
    let (url, _) = answers(vec![page("404 Not Found", "", b"<p>hilang</p>")]);
    let output = fetch(&url, &["--naive"]);
    assert_eq!(output.status.code(), Some(0), "it does not look at the status: {}", stderr(&output));
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let said = format!(
        "\nMengunduh halaman web...\nMenghubungkan ke server web di {address}...\nRespons HTTP diterima.\n\n\
         Konten Halaman Web:\nHTTP/1.1 404 Not Found\r\n"
    );
    assert!(stdout(&output).starts_with(&said), "{}", stdout(&output));
    assert!(stdout(&output).ends_with("<p>hilang</p>\n"), "{}", stdout(&output));
}

#[test]
fn it_dies_of_what_the_careful_one_reads() {
    let server = Server::start(&["--says", "latin-1"]);
    let output = fetch(&server.url(), &["--naive"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("Error: 'utf-8' codec can't decode"), "{}", stdout(&output));
    assert!(stdout(&output).ends_with("Gagal mengunduh halaman web.\n"), "{}", stdout(&output));
    assert_eq!(fetch(&server.url(), &[]).status.code(), Some(0));
}

#[test]
fn a_refused_connection_is_an_error_and_no_page() {
    let (_held, closed) = closed_port();
    let output = fetch(&format!("http://{closed}/"), &["--naive"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("] Connection refused\nGagal mengunduh"), "{}", stdout(&output));
}

#[test]
fn no_such_name_becomes_an_address_of_nobodys() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let answering = thread::spawn(move || {
        let mut query = [0; 512];
        let (length, client) = server.recv_from(&mut query).unwrap();
        // NXDOMAIN, and the question again: its last four bytes are taken for the address.
        query[2..4].copy_from_slice(&[0x81, 0x83]);
        query[length - 4..length].copy_from_slice(&[127, 255, 255, 255]);
        server.send_to(&query[..length], client).unwrap();
    });
    let output = fetch("http://nosuch.test:9/", &["--naive", "--resolver", &address]);
    answering.join().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("Menghubungkan ke server web di 127.255.255.255:9"),
        "{}",
        stdout(&output)
    );
}
