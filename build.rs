//! Migrations are built in: a new one must be seen.

fn main() {
    // Cargo reads this line from standard output; it is no text for people.
    #[allow(clippy::print_stdout)]
    {
        println!("cargo:rerun-if-changed=migrations");
    }
}
