//! What is done on the practice host changes it: commands are really run by a shell, and their ends are real.

use std::time::{Duration, Instant};

use signoff::domain::evidence::Status;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_really_runs_what_is_sent() {
    let Some(world) = World::calm().await else { return };
    let output =
        world.run("printf '%s\\n' \"it's $((6 * 7))\" 'a  b' | sed 's/a/A/' | tac; echo to-err >&2; exit 7").await;
    assert_eq!(output.stdout.text, "A  b\nit's 42\n");
    assert_eq!(output.stderr.text, "to-err\n");
    assert_eq!(output.status, Some(Status::Exit(7)));
    assert_eq!(world.says("printf x | tee /dev/fd/2 2>/dev/null").await, "x");
    assert_eq!(world.says("docker ps -q | wc -l").await.trim(), "3");
    assert_eq!(world.says("sudo -n df -B1 --output=avail -- / | tail -n 1 | grep -c '^[0-9]*$'").await, "1\n");
    assert_eq!(world.run("no-such-program").await.status, Some(Status::Exit(127)));
    assert_eq!(world.run("docker restart nobody").await.status, Some(Status::Exit(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_brings_a_container_back_after_its_start_time() {
    let Some(world) = World::calm().await else { return };
    world.set("stop-redis", true);
    assert!(world.says("docker-compose ps redis").await.contains("Exited (0)"));
    world.run("cd /opt/gear_freak && docker-compose up -d redis").await;
    assert!(world.says("docker ps").await.contains("health: starting"));
    world.settle().await;
    assert!(!world.says("docker ps").await.contains("starting"));
    assert!(world.practice.host.broken().is_empty(), "an act that helps ends the fault");

    world.set("crash-loop", true);
    world.run("docker restart gear_freak_serverpod").await;
    assert!(world.says("docker ps").await.contains("Restarting"), "a restart does not help a crash loop");
    world.run("cd /opt/gear_freak && docker-compose down && docker-compose up -d").await;
    world.settle().await;
    assert!(world.practice.host.broken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn cleaning_up_frees_the_disk_and_a_renewal_moves_the_expiry() {
    let Some(world) = World::calm().await else { return };
    world.set("disk", true);
    let used = async || {
        let text = world.says("df --output=pcent / | tail -n 1").await;
        text.trim().trim_end_matches('%').parse::<u32>().unwrap()
    };
    assert!(used().await >= 93);
    assert!(world.says("docker system prune -a -f").await.contains("Total reclaimed space"));
    world.run("sudo journalctl --vacuum-time=7d").await;
    assert!(used().await < 70, "{}", used().await);
    assert!(world.practice.host.broken().is_empty());
    // What runs, and what one could go back to, is no litter; but `-a` takes the latter.
    assert_eq!(
        world.says("docker images -q 2>/dev/null; docker images | tail -n +2 | wc -l").await.trim().lines().last(),
        Some("3")
    );

    world.set("certificate-expired", true);
    assert!(world.says("sudo certbot certificates").await.contains("EXPIRED"));
    world.run("sudo certbot renew --force-renewal").await;
    let weekly = world.look("weekly", "gear-freak").await;
    assert_eq!(
        weekly["weekly/certificates"].0, "fail",
        "nginx has not been reloaded: {:?}",
        weekly["weekly/certificates"]
    );
    world.run("sudo nginx -t && sudo systemctl reload nginx").await;
    assert_eq!(world.look("weekly", "gear-freak").await["weekly/certificates"].0, "pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_by_hand_is_real_and_a_reboot_comes_back() {
    let Some(world) = World::calm().await else { return };
    world.set("backup-lost", true);
    let output = world.run("/opt/gear_freak/backup.sh").await;
    assert_eq!(output.status, Some(Status::Exit(0)), "{}", output.stderr.text);
    let newest = world.says("ls -1 /opt/gear_freak/backups | tail -n 1").await;
    let told = world.says(&format!("gunzip -c /opt/gear_freak/backups/{} | tail -n 4", newest.trim())).await;
    assert!(told.contains("PostgreSQL database dump complete"), "{told}");
    assert!(world.says("aws s3 ls s3://gear-freak-private-storage-3059875/backups/").await.contains(newest.trim()));
    assert_eq!(
        world
            .says("docker exec gear_freak_postgres psql -U postgres -d gear_freak -Atc 'SELECT COUNT(*) FROM \"user\"'")
            .await,
        "2000\n"
    );

    let boot = world.says("cat /proc/sys/kernel/random/boot_id").await;
    world.run("sudo systemd-run --on-active=1 --quiet systemctl reboot").await;
    let host = signoff::host::Host::new(world.practice.config.hosts["gear-freak"].clone());
    let patience = Instant::now() + Duration::from_secs(40);
    loop {
        assert!(Instant::now() < patience, "it does not come back");
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = host.look("cat /proc/sys/kernel/random/boot_id", Duration::from_secs(3)).await;
        if now.is_ok_and(|now| !now.stdout.text.is_empty() && now.stdout.text != boot) {
            break;
        }
    }
    world.settle().await;
    assert!(world.says("docker ps").await.contains("gear_freak_serverpod"));
}
