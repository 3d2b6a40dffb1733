//! Scenes: states of the whole host that can be taken up at once, each a file of `sandbox/scenes/`.

use serde::Deserialize;

use super::fault;

/// The files, by the scene's name.
const FILES: &[(&str, &str)] = &[
    ("calm", include_str!("../../scenes/calm.toml")),
    ("disk-full", include_str!("../../scenes/disk-full.toml")),
    ("database-down", include_str!("../../scenes/database-down.toml")),
    ("service-down", include_str!("../../scenes/service-down.toml")),
    ("certificate-expired", include_str!("../../scenes/certificate-expired.toml")),
    ("bad-night", include_str!("../../scenes/bad-night.toml")),
    ("attack", include_str!("../../scenes/attack.toml")),
    ("monday", include_str!("../../scenes/monday.toml")),
];

/// Words in both languages.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Text {
    pub(crate) ko: String,
    pub(crate) en: String,
}

/// A scene.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scene {
    /// What it is called.
    pub(crate) title: Text,
    /// What has happened.
    pub(crate) about: Text,
    /// What is broken.
    pub(crate) faults: Vec<String>,
}

/// Why there is no such scene.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// There is none of that name.
    #[error("there is no scene {wanted}; there are: {there}")]
    Unknown {
        /// What was asked for.
        wanted: String,
        /// What there is.
        there: String,
    },
    /// Its file is wrong.
    #[error("the scene {name} cannot be read: {cause}")]
    Wrong {
        /// Whose.
        name: String,
        /// Why.
        cause: String,
    },
}

/// The names of all scenes.
#[must_use]
pub fn scenes() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}

/// The scene called `name`.
///
/// # Errors
/// There is none, or its file is wrong.
pub(crate) fn read(name: &str) -> Result<Scene, SceneError> {
    let Some((name, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        return Err(SceneError::Unknown { wanted: name.to_owned(), there: scenes().join(", ") });
    };
    let wrong = |cause: String| SceneError::Wrong { name: (*name).to_owned(), cause };
    let scene: Scene = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    match scene.faults.iter().find(|id| fault::named(id).is_none()) {
        Some(unknown) => Err(wrong(format!("there is no fault {unknown}"))),
        None => Ok(scene),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_can_be_read_and_names_faults_that_exist() {
        for name in scenes() {
            let scene = read(name).unwrap();
            assert!(!scene.title.ko.is_empty() && !scene.title.en.is_empty() && !scene.about.ko.is_empty(), "{name}");
            assert!(!scene.about.en.is_empty(), "{name}");
        }
        assert!(read("nowhere").unwrap_err().to_string().contains("disk-full"));
    }

    #[test]
    fn every_file_of_the_folder_is_a_scene() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files, FILES.len());
    }
}
