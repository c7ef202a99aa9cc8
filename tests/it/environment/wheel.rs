//! A package of our own in a wheel of our own, so that installing it needs no network.

use std::path::{Path, PathBuf};

use grade::environment::{Requirements, Variables};

use super::python::{run, usable};

/// Makes `sample-1.0-py3-none-any.whl` in the folder that is its argument and prints its SHA-256. One file in it is 2 MB that no compression shrinks.
const MAKE: &str = r#"
import base64, hashlib, os, sys, zipfile
files = {
    "sample/__init__.py": b"answer = 42\n",
    "sample/bulk.bin": os.urandom(2_000_000),
    "sample-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n",
    "sample-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: grade-tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "sample-1.0.dist-info/entry_points.txt": b"[console_scripts]\nsample = sample:main\n",
}
record = "".join(
    f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
    for name, data in files.items()
)
files["sample-1.0.dist-info/RECORD"] = (record + "sample-1.0.dist-info/RECORD,,\n").encode()
wheel = os.path.join(sys.argv[1], "sample-1.0-py3-none-any.whl")
with zipfile.ZipFile(wheel, "w") as archive:
    for name, data in files.items():
        archive.writestr(name, data)
print(hashlib.sha256(open(wheel, "rb").read()).hexdigest())
"#;

/// A folder of wheels and the lock that fits it.
#[derive(Debug)]
pub(crate) struct Wheels {
    pub(crate) folder: PathBuf,
    pub(crate) lock: String,
}

impl Wheels {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let output = run(&usable(), &["-I", "-c", MAKE, folder.to_str().unwrap()]);
        assert!(output.status.success(), "{output:?}");
        std::fs::write(folder.join("uv.toml"), "no-index = true\n").unwrap();
        let hash = String::from_utf8(output.stdout).unwrap();
        Self { folder: folder.to_owned(), lock: format!("sample==1.0 --hash=sha256:{}\n", hash.trim()) }
    }

    pub(crate) fn requirements(&self) -> Requirements {
        Requirements::new("the sample", self.lock.clone())
    }

    /// Settings with which pip and uv look here and nowhere else.
    pub(crate) fn only(&self, variables: Variables) -> Variables {
        variables
            .with("PIP_NO_INDEX", "1")
            .with("PIP_FIND_LINKS", &self.folder)
            .with("UV_FIND_LINKS", &self.folder)
            .with("PIP_CONFIG_FILE", "/dev/null")
            .with("UV_CONFIG_FILE", self.folder.join("uv.toml"))
    }
}
