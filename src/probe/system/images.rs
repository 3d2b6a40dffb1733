//! The images of the host's engine: which of them nobody uses, and how much room clearing them away would make.

use std::collections::BTreeSet;

use bollard::Docker;
use bollard::models::ImageSummary;
use bollard::query_parameters::{ListContainersOptions, ListImagesOptions};
use tokio::time::timeout_at;

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Images;
use crate::domain::quantity::Quantity;
use crate::probe::docker::{engine, explain, too_late};
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, Why, World, could_not};

const WHAT: &str = "docker images; docker system df";

pub(in crate::probe) async fn look(probe: &Images, world: &World, watch: &Watch) -> Looked {
    let failed = |why: Why| could_not(WHAT, why);
    let docker = engine(world, watch).await.map_err(failed)?;
    let (images, used) = within(watch, ask(&docker)).await.map_err(failed)?;
    let free = free(&docker, world, watch).await;
    Ok(seen(probe, &images, &used, free))
}

/// Every image, and the ids of those that some container was made from, be it running or not.
async fn ask(docker: &Docker) -> Result<(Vec<ImageSummary>, BTreeSet<String>), Why> {
    let options = ListImagesOptions { shared_size: true, ..ListImagesOptions::default() };
    let images = docker.list_images(Some(options)).await.map_err(explain)?;
    let options = ListContainersOptions { all: true, ..ListContainersOptions::default() };
    let containers = docker.list_containers(Some(options)).await.map_err(explain)?;
    let used = containers.into_iter().filter_map(|container| container.image_id).collect();
    Ok((images, used))
}

async fn within<T>(watch: &Watch, asking: impl Future<Output = Result<T, Why>>) -> Result<T, Why> {
    timeout_at(watch.end(), asking).await.map_err(|_| too_late(watch))?
}

/// How much is free where the engine keeps its images.
async fn free(docker: &Docker, world: &World, watch: &Watch) -> Result<f64, Why> {
    let info = within(watch, async { docker.info().await.map_err(explain) }).await?;
    let root = info.docker_root_dir.unwrap_or_else(|| "/var/lib/docker".to_owned());
    let command = format!("LC_ALL=C df -B1 --output=avail -- {}", quoted(&root));
    let output = world.run(&command, watch).await?;
    let free = output.stdout.text.lines().nth(1).and_then(|line| line.trim().parse().ok());
    free.ok_or_else(|| Message::new("probe-images-no-disk").with("path", root).into())
}

fn seen(probe: &Images, images: &[ImageSummary], used: &BTreeSet<String>, free: Result<f64, Why>) -> Evidence {
    let kept = |image: &ImageSummary| image.repo_tags.iter().any(|tag| probe.keep.contains(tag));
    let mut unused: Vec<_> = images.iter().filter(|image| !used.contains(&image.id) && !kept(image)).collect();
    unused.sort_by_key(|image| std::cmp::Reverse(image.size));
    let dangling = unused.iter().filter(|image| is_dangling(image)).count();
    let reclaimable = unused.iter().fold(0.0, |sum, image| sum + own_size(image));
    let count = |count: usize| Quantity::count(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    let mut evidence = Evidence { what: WHAT.to_owned(), status: Some(Status::Answered), ..Evidence::default() };
    let lines: Vec<_> = unused.iter().map(|image| line(image)).collect();
    let says = Message::new("probe-images-unused")
        .with("count", unused.len().to_string())
        .with("size", Quantity::bytes(reclaimable));
    evidence.measurements = vec![
        Measurement::quantity("unused", count(unused.len())).saying(says).shown_by(lines.clone()),
        Measurement::quantity("dangling", count(dangling)),
        Measurement::quantity("reclaimable", Quantity::bytes(reclaimable)),
    ];
    match free {
        Ok(free) => {
            let after = Quantity::bytes(free + reclaimable);
            let says = Message::new("probe-images-after").with("free", Quantity::bytes(free)).with("after", after);
            evidence.measurements.push(Measurement::quantity("free_after", after).saying(says));
        }
        Err(why) => {
            evidence.unread.push(("free_after".to_owned(), why.reason));
            evidence.notes.extend(why.hint);
        }
    }
    if unused.iter().any(|image| image.shared_size < 0) {
        evidence.notes.push(Message::new("probe-images-shared"));
    }
    evidence.output = clip(&lines.join("\n"), OUTPUT_LENGTH).into_owned();
    evidence
}

/// What goes when the image goes: layers that others share stay. Engines before API 1.42 do not say (-1).
#[expect(clippy::cast_precision_loss, reason = "shown to people, in MB")]
fn own_size(image: &ImageSummary) -> f64 {
    (image.size - image.shared_size.max(0)).max(0) as f64
}

fn is_dangling(image: &ImageSummary) -> bool {
    image.repo_tags.iter().all(|tag| tag.starts_with("<none>"))
}

fn line(image: &ImageSummary) -> String {
    let id: String = image.id.trim_start_matches("sha256:").chars().take(12).collect();
    let name = if is_dangling(image) { "<none>".to_owned() } else { image.repo_tags.join(", ") };
    format!("{:>9} {id} {name}", Quantity::bytes(own_size(image)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(id: &str, tags: &[&str], size: i64, shared: i64) -> ImageSummary {
        ImageSummary {
            id: format!("sha256:{id}"),
            repo_tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            size,
            shared_size: shared,
            ..ImageSummary::default()
        }
    }

    #[test]
    fn what_a_container_was_made_from_and_what_is_kept_stays() {
        let images = [
            image("a", &["app:2"], 100_000_000, 0),
            image("b", &["app:1"], 90_000_000, 40_000_000),
            image("c", &["<none>:<none>"], 30_000_000, -1),
            image("d", &["app:rollback"], 80_000_000, 0),
        ];
        let used = BTreeSet::from(["sha256:a".to_owned()]);
        let probe = Images { keep: vec!["app:rollback".to_owned()] };
        let evidence = seen(&probe, &images, &used, Ok(1e9));
        let value = |measure: &str| evidence.of(measure).next().unwrap().value.to_string();
        assert_eq!((value("unused").as_str(), value("dangling").as_str()), ("2", "1"));
        assert_eq!((value("reclaimable").as_str(), value("free_after").as_str()), ("80.0 MB", "1.1 GB"));
        assert_eq!(evidence.notes[0].key, "probe-images-shared");
        assert_eq!(evidence.output.lines().next().unwrap(), "  50.0 MB b app:1");
    }

    #[test]
    fn a_disk_that_could_not_be_read_is_unread() {
        let why = Why::from(Message::new("probe-images-no-disk"));
        let evidence = seen(&Images { keep: Vec::new() }, &[], &BTreeSet::new(), Err(why));
        assert_eq!(evidence.unread[0].0, "free_after");
        assert!(evidence.of("free_after").next().is_none());
    }
}
