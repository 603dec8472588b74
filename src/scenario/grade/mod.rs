//! Grading: a folder of submissions, one sub-folder a student. What each submission runs, and with which
//! seed. A submission is somebody else's: nothing in it can break more than its own points.
//!
//! | | |
//! |-|-|
//! | `wanted` | the programs that a scenario wants of a submission |
//! | `submission` | what a submission has of them |
//! | `copy` | the copy of it that runs |

mod copy;
mod submission;
mod sys;
mod wanted;

pub use copy::Copy;
pub use submission::{Lack, located, programs};
pub use wanted::{Wanted, wanted};

use crate::impair::Dice;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file in which a submission may say what its programs are.
pub const SUBMISSION: &str = "submission.toml";

/// A sub-folder of a folder of submissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

/// The submissions in a folder, by name; hidden folders are none.
pub fn students(folder: &Path) -> io::Result<Vec<Student>> {
    let mut students = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            students.push(Student { name, folder: entry.path() });
        }
    }
    students.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(students)
}

/// The seed of a student: what is drawn differs from one to the other, and is the same for whoever grades again.
pub fn seed_of(student: &str, seed: u64) -> u64 {
    Dice::of(seed, &["student", student]).below(1 << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sub_folder_is_a_submission() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["siti", "budi", ".git"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("notes.txt"), "").unwrap();
        let names: Vec<String> =
            students(folder.path()).unwrap().into_iter().map(|student| student.name).collect();
        assert_eq!(names, ["budi", "siti"]);
    }

    #[test]
    fn students_have_seeds_of_their_own_that_stay() {
        assert_ne!(seed_of("budi", 1), seed_of("siti", 1));
        assert_ne!(seed_of("budi", 1), seed_of("budi", 2));
        assert_eq!(seed_of("budi", 1), seed_of("budi", 1));
    }
}
