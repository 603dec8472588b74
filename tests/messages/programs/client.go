// Meets an error and dies of it: client CASE.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

const host = "127.0.0.1"

func dial(network, address string) net.Conn {
	conn, err := net.DialTimeout(network, address, 4*time.Second)
	check(err)
	return conn
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func get(url string) {
	client := http.Client{Timeout: 2 * time.Second}
	reply, err := client.Get(url)
	check(err)
	_, err = io.ReadAll(reply.Body)
	check(err)
}

func main() {
	buffer := make([]byte, 1024)
	switch os.Args[1] {
	case "refused":
		dial("tcp", host+":12345")
	case "refused_localhost":
		dial("tcp", "localhost:12345")
	case "refused_udp":
		conn := dial("udp", host+":12345")
		conn.Write([]byte("Ipin"))
		_, err := conn.Read(buffer)
		check(err)
	case "refused_http":
		get("http://127.0.0.1:12345/")
	case "panicked":
		_, err := net.Dial("tcp", host+":12345")
		if err != nil {
			panic(err)
		}
	case "connect_timeout":
		_, err := net.DialTimeout("tcp", host+":12354", 300*time.Millisecond)
		check(err)
	case "read_timeout":
		conn := dial("tcp", host+":12346")
		conn.SetDeadline(time.Now().Add(300 * time.Millisecond))
		_, err := conn.Read(buffer)
		check(err)
	case "in_use":
		_, err := net.Listen("tcp", host+":12353")
		check(err)
	case "in_use_http":
		check(http.ListenAndServe(host+":12353", nil))
	case "not_available":
		_, err := net.Listen("tcp", "203.0.113.9:12345")
		check(err)
	case "privileged":
		_, err := net.Listen("tcp", host+":80")
		check(err)
	case "reset":
		conn := dial("tcp", host+":12347")
		conn.Write([]byte("Ipin\n"))
		_, err := conn.Read(buffer)
		check(err)
	case "closed":
		conn := dial("tcp", host+":12346")
		conn.Close()
		_, err := conn.Write(buffer)
		check(err)
	case "unreachable_network":
		dial("tcp", "203.0.113.9:12345")
	case "unreachable_host":
		dial("tcp", "192.0.2.9:12345")
	case "no_name":
		dial("tcp", "nosuch.test:12345")
	case "name_fails":
		dial("tcp", "fail.test:12345")
	case "no_reply":
		get("http://127.0.0.1:12348/")
	case "short_body":
		get("http://127.0.0.1:12349/")
	case "not_http":
		get("http://127.0.0.1:12350/")
	case "tls":
		get("https://localhost:12352/")
	case "tls_to_plain":
		get("https://127.0.0.1:12351/")
	case "http_timeout":
		client := http.Client{Timeout: 300 * time.Millisecond}
		_, err := client.Get("http://127.0.0.1:12346/")
		check(err)
	}
}
