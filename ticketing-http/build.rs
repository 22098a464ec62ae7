//! The console's files are taken into the program as `npm run build` left them.

fn main() {
    // The folder is always there, empty where the console was not built.
    println!("cargo:rerun-if-changed=console/dist");
}
