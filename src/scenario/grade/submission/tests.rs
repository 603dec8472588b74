//! What a submission runs is found in it, and nothing in it can make that fail.

use super::*;
use tempfile::TempDir;

fn submission(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn server(files: &[&str]) -> Vec<Wanted> {
    let files = files.iter().map(|file| (*file).to_owned()).collect();
    vec![Wanted { name: "server".into(), files, has_default: false }]
}

/// The command of the server, with the folder's name cut out of it.
fn runs(folder: &TempDir, wanted: &[Wanted]) -> Result<String, Lack> {
    let set = programs(folder.path(), wanted, &BTreeMap::new())?;
    Ok(set["server"].replace(&format!("{}/", folder.path().display()), "@"))
}

#[test]
fn the_first_name_for_which_there_is_a_file_wins() {
    let folder = submission(&[("b_server.py", ""), ("a_server.py", ""), ("UDPServer.py", "")]);
    assert_eq!(runs(&folder, &server(&["UDPServer*.py", "*server.py"])).unwrap(), "python3 @UDPServer.py");
    assert_eq!(runs(&folder, &server(&["x*.py", "*server.py"])).unwrap(), "python3 @a_server.py");
}

#[test]
fn a_folder_around_everything_is_no_obstacle_and_the_highest_file_wins() {
    let folder =
        submission(&[("tugas/old/server.py", ""), ("tugas/server.py", ""), ("__MACOSX/server.py", "")]);
    assert_eq!(runs(&folder, &server(&["server.py"])).unwrap(), "python3 @tugas/server.py");
    assert_eq!(runs(&folder, &server(&["tugas/old/*.py"])).unwrap(), "python3 @tugas/old/server.py");
}

#[test]
fn an_ending_says_what_runs_a_file() {
    for (name, command) in [
        ("server.js", "node @server.js"),
        ("server.sh", "bash @server.sh"),
        ("Server.jar", "java -jar @Server.jar"),
    ] {
        assert_eq!(runs(&submission(&[(name, "")]), &server(&["*erver.*"])).unwrap(), command);
    }
    let lack = runs(&submission(&[("server.txt", "")]), &server(&["server.*"])).unwrap_err();
    assert!(matches!(lack, Lack::Runner(file) if file.ends_with("server.txt")));
}

#[test]
fn names_with_blanks_stay_one_word() {
    let folder = submission(&[("my server.py", "")]);
    let set = programs(folder.path(), &server(&["*server.py"]), &BTreeMap::new()).unwrap();
    let file = folder.path().join("my server.py").display().to_string();
    assert_eq!(shlex::split(&set["server"]).unwrap(), ["python3".to_owned(), file]);
}

#[test]
fn a_missing_file_is_told_with_the_names_that_were_looked_for() {
    let folder = submission(&[("README", "")]);
    let lack = runs(&folder, &server(&["UDPServer*.py", "server*.py"])).unwrap_err();
    assert!(matches!(lack, Lack::File { parameter, names } if parameter == "server" && names.len() == 2));
    assert!(matches!(runs(&folder, &server(&[])), Err(Lack::File { names, .. }) if names.is_empty()));
}

#[test]
fn a_submission_says_itself_what_runs() {
    for text in
        ["server = \"python3 -u main.py 9000\"", "server = [\"python3\", \"-u\", \"./main.py\", \"9000\"]"]
    {
        let folder = submission(&[("submission.toml", text), ("main.py", ""), ("server.py", "")]);
        let set = programs(folder.path(), &server(&["server.py"]), &BTreeMap::new()).unwrap();
        let words = shlex::split(&set["server"]).unwrap();
        let file = Path::new(&words[2]);
        assert_eq!((words[0].as_str(), words[1].as_str(), words[3].as_str()), ("python3", "-u", "9000"));
        assert!(file.is_absolute() && file.is_file() && file.ends_with("main.py"), "{file:?}");
    }
}

#[test]
fn a_way_out_of_the_submission_is_no_file_of_it() {
    let folder = submission(&[("a/submission.toml", "server = \"python3 ../secret.py\""), ("secret.py", "")]);
    let set = programs(&folder.path().join("a"), &server(&[]), &BTreeMap::new()).unwrap();
    assert_eq!(set["server"], "python3 ../secret.py");
}

#[test]
fn mistakes_of_a_submission_are_all_told_with_their_places() {
    let folder = submission(&[("submission.toml", "sever = \"x\"\nserver = 3\nport = 1\n")]);
    let Err(Lack::Text(told)) = runs(&folder, &server(&[])) else { panic!("it was taken") };
    for part in [
        "submission.toml:1:1: a submission has no key \"sever\"; did you mean server?\n1 | sever = \"x\"\n  | ^",
        "submission.toml:2:10: server: expected a command",
        "submission.toml:3:1: a submission has no key \"port\"; it has server",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let broken = submission(&[("submission.toml", "server = ")]);
    assert!(matches!(runs(&broken, &server(&[])), Err(Lack::Text(_))));
    let quote = submission(&[("submission.toml", "server = \"python3 'x\"")]);
    assert!(matches!(runs(&quote, &server(&[])), Err(Lack::Text(_))));
}

#[test]
fn what_was_set_for_all_is_not_looked_for() {
    let folder = submission(&[]);
    let given = BTreeMap::from([("server".to_owned(), "netfault serve".to_owned())]);
    assert!(programs(folder.path(), &server(&["x.py"]), &given).unwrap().is_empty());
}

#[test]
fn a_command_of_the_command_line_means_files_from_here() {
    let here = std::path::absolute("Cargo.toml").unwrap().display().to_string();
    assert_eq!(located("python3 Cargo.toml x"), joined(&["python3".into(), here, "x".into()]));
    assert_eq!(located("Cargo.toml"), "Cargo.toml");
    assert_eq!(located("python3 'unclosed"), "python3 'unclosed");
}
