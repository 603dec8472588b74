//! The `netfault` program: everything is in the library, so that tests reach it.

fn main() -> std::process::ExitCode {
    netfault::cli::main()
}
