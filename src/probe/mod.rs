//! Probes: the only code that looks at the world. A probe gives evidence; it never grades.
