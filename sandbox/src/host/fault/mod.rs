//! What can be broken on the practice host: a table. Each row says what people read, what is done, and which checks must turn.

mod apply;

use super::model::Network;

pub(crate) use apply::{mend_all, set};

/// Something that can be broken.
#[derive(Clone, Copy, Debug)]
pub struct HostFault {
    /// Its name in scenes and on the panel.
    pub id: &'static str,
    /// The heading it stands under, Korean and English.
    pub group: [&'static str; 2],
    /// What is broken, Korean and English.
    pub name: [&'static str; 2],
    /// What it does, and what helps, Korean and English.
    pub about: [&'static str; 2],
    /// The checks that must turn, as `command/check`; `*` stands for every one that looks at the host or its sites, `ssh` for
    /// those that look at the host itself.
    pub turns: &'static [&'static str],
    pub(crate) does: Effect,
}

/// What is done to the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    /// A container is stopped.
    Stop(&'static str),
    /// serverpod ends as soon as it has started.
    CrashLoop,
    /// The disk is filled to this share.
    FillDisk(f64),
    /// serverpod leaks until this share of the memory is taken.
    Leak(f64),
    /// serverpod takes this share of all cores.
    Runaway(f64),
    /// The certificate of the API has so many hours left; below zero it has run out.
    CertificateLeft(i64),
    /// Last night's backup is gone, here and in the bucket.
    LoseBackup,
    /// Last night's backup is cut in the middle.
    CutBackup,
    /// The API fails now and then.
    Errors,
    /// One address asks without end.
    Flood,
    /// One address tries passwords.
    BruteForce,
    /// The security group lets everybody in to this port.
    OpenPort(u16),
    /// This alarm of CloudWatch is gone.
    LoseAlarm(&'static str),
    /// The month costs so many dollars more.
    Costly(f64),
    /// The network is so.
    Network(Network),
    /// Updates wait, one of which mends a hole.
    Updates,
    /// Another machine stands in its place, with all that it had and another host key.
    Replaced,
}

const CONTAINERS: [&str; 2] = ["컨테이너", "Containers"];
const RESOURCES: [&str; 2] = ["리소스", "Resources"];
const WEB: [&str; 2] = ["사이트와 인증서", "Sites and certificates"];
const BACKUPS: [&str; 2] = ["백업", "Backups"];
const ATTACKS: [&str; 2] = ["공격과 보안", "Attacks and security"];
const CLOUD: [&str; 2] = ["AWS", "AWS"];
const NETWORK: [&str; 2] = ["네트워크", "Network"];

/// The row by which another machine stands in the place of the first.
pub(crate) const REPLACED: &str = "new-instance";

/// The table.
pub const FAULTS: &[HostFault] = &[
    HostFault {
        id: "stop-redis",
        group: CONTAINERS,
        name: ["redis 중지", "Stop redis"],
        about: [
            "컨테이너가 Exited 상태가 됩니다. docker-compose up -d 로 살아납니다.",
            "The container exits. docker-compose up -d brings it back.",
        ],
        turns: &["daily/redis"],
        does: Effect::Stop("redis"),
    },
    HostFault {
        id: "stop-postgres",
        group: CONTAINERS,
        name: ["postgres 중지", "Stop postgres"],
        about: [
            "DB에 연결하지 못하고 serverpod 로그에 에러가 쌓입니다.",
            "The database is gone; errors pile up in serverpod's log.",
        ],
        turns: &[
            "daily/postgres",
            "daily/database",
            "daily/repeated",
            "weekly/database-size",
            "weekly/tables",
            "weekly/queries",
            "monthly/query-benchmark",
        ],
        does: Effect::Stop("postgres"),
    },
    HostFault {
        id: "stop-serverpod",
        group: CONTAINERS,
        name: ["serverpod 중지", "Stop serverpod"],
        about: ["세 사이트가 모두 502로 응답합니다.", "All three sites answer 502."],
        turns: &["daily/serverpod", "daily/api", "daily/insights", "daily/web"],
        does: Effect::Stop("serverpod"),
    },
    HostFault {
        id: "crash-loop",
        group: CONTAINERS,
        name: ["serverpod 재시작 반복", "serverpod crash loop"],
        about: [
            "시작하자마자 종료됩니다. 재시작으로는 낫지 않고 down 후 up -d 로 낫습니다.",
            "It ends as soon as it starts. A restart does not help; down, then up -d does.",
        ],
        turns: &["daily/serverpod", "daily/api", "daily/insights", "daily/web", "daily/critical", "daily/repeated"],
        does: Effect::CrashLoop,
    },
    HostFault {
        id: "disk",
        group: RESOURCES,
        name: ["디스크 가득 참", "Fill the disk"],
        about: [
            "쓰지 않는 이미지, 저널, 컨테이너 로그가 디스크를 채웁니다. 정리하면 비워집니다.",
            "Unused images, the journal and a container's log fill it. Cleaning up frees it.",
        ],
        turns: &["daily/disk", "monthly/images", "monthly/docker-log"],
        does: Effect::FillDisk(0.94),
    },
    HostFault {
        id: "memory",
        group: RESOURCES,
        name: ["메모리 부족", "Eat the memory"],
        about: ["serverpod의 메모리가 샙니다. 재시작하면 돌아옵니다.", "serverpod leaks. A restart gives it back."],
        turns: &["daily/memory"],
        does: Effect::Leak(0.93),
    },
    HostFault {
        id: "cpu",
        group: RESOURCES,
        name: ["CPU 과부하", "Load the CPU"],
        about: [
            "serverpod가 CPU를 모두 씁니다. 재시작하면 멈춥니다.",
            "serverpod takes every core. A restart ends it.",
        ],
        turns: &["daily/cpu"],
        does: Effect::Runaway(0.9),
    },
    HostFault {
        id: "certificate-near",
        group: WEB,
        name: ["인증서 만료 임박 (5일)", "Certificate near its end (5 days)"],
        about: [
            "API 인증서가 5일 남습니다. certbot renew 후 nginx를 다시 읽게 하면 낫습니다.",
            "The API's certificate has 5 days left. certbot renew and a reload of nginx help.",
        ],
        turns: &["weekly/certificates"],
        does: Effect::CertificateLeft(5 * 24),
    },
    HostFault {
        id: "certificate-expired",
        group: WEB,
        name: ["인증서 만료", "Certificate expired"],
        about: ["API 인증서가 어제 만료되었습니다.", "The API's certificate ran out yesterday."],
        turns: &["daily/api", "weekly/certificates", "monthly/api-benchmark"],
        does: Effect::CertificateLeft(-24),
    },
    HostFault {
        id: "errors",
        group: WEB,
        name: ["에러율 증가", "Raise the error rate"],
        about: [
            "API가 이따금 500으로 응답하고 같은 에러가 반복됩니다.",
            "The API answers 500 now and then; one error repeats.",
        ],
        turns: &["daily/repeated", "monitoring/error-rate"],
        does: Effect::Errors,
    },
    HostFault {
        id: "backup-lost",
        group: BACKUPS,
        name: ["어젯밤 백업 없음", "Lose last night's backup"],
        about: ["서버와 S3에서 마지막 백업이 사라집니다.", "The last backup is gone, on the server and in S3."],
        turns: &["weekly/backup-days", "weekly/backup-copies", "backup/newest", "backup/copies"],
        does: Effect::LoseBackup,
    },
    HostFault {
        id: "backup-cut",
        group: BACKUPS,
        name: ["어젯밤 백업 손상", "Truncate last night's backup"],
        about: ["마지막 백업이 중간에서 잘립니다.", "The last backup breaks off in the middle."],
        turns: &["weekly/backup-days", "weekly/backup-whole", "weekly/backup-copies", "backup/newest"],
        does: Effect::CutBackup,
    },
    HostFault {
        id: "flood",
        group: ATTACKS,
        name: ["한 주소의 요청 폭주", "A flood from one address"],
        about: ["192.0.2.66 이 쉬지 않고 요청하여 429가 늘어납니다.", "192.0.2.66 asks without end; 429s pile up."],
        turns: &["weekly/addresses", "weekly/limited"],
        does: Effect::Flood,
    },
    HostFault {
        id: "brute-force",
        group: ATTACKS,
        name: ["SSH 무차별 대입", "Brute force on sshd"],
        about: [
            "192.0.2.77 이 비밀번호를 계속 시도합니다. fail2ban이 차단합니다.",
            "192.0.2.77 tries passwords. fail2ban keeps it out.",
        ],
        turns: &["weekly/logins"],
        does: Effect::BruteForce,
    },
    HostFault {
        id: "updates",
        group: ATTACKS,
        name: ["보안 업데이트 대기", "Updates waiting"],
        about: ["보안 업데이트를 포함한 패키지 세 개가 기다립니다.", "Three packages wait, one mends a hole."],
        turns: &["monthly/updates", "security/updates"],
        does: Effect::Updates,
    },
    HostFault {
        id: "open-port",
        group: CLOUD,
        name: ["SSH 포트 전체 공개", "SSH open to the world"],
        about: ["Security Group이 22번 포트를 0.0.0.0/0 에 엽니다.", "The security group opens port 22 to 0.0.0.0/0."],
        turns: &["weekly/security-group", "security/security-group"],
        does: Effect::OpenPort(22),
    },
    HostFault {
        id: "alarm-lost",
        group: CLOUD,
        name: ["CloudWatch 알람 삭제됨", "An alarm is gone"],
        about: [
            "CPU 알람이 지워졌습니다. /put-alarm 으로 다시 만듭니다.",
            "The alarm on the CPU was deleted. /put-alarm puts it again.",
        ],
        turns: &["monitoring/alarms"],
        does: Effect::LoseAlarm("gear-freak-high-cpu"),
    },
    HostFault {
        id: "cost",
        group: CLOUD,
        name: ["비용 급증", "A costly month"],
        about: [
            "이번 달 EC2 비용이 크게 늘어납니다. 봇은 하루에 한 번만 조회합니다.",
            "EC2 costs far more this month. The bot asks once a day only.",
        ],
        turns: &["monthly/cost"],
        does: Effect::Costly(14.2),
    },
    HostFault {
        id: "network-cut",
        group: NETWORK,
        name: ["네트워크 끊김", "Cut the network"],
        about: ["SSH와 사이트에 전혀 닿지 않습니다.", "Neither SSH nor the sites can be reached."],
        turns: &["*"],
        does: Effect::Network(Network::Cut),
    },
    HostFault {
        id: "network-slow",
        group: NETWORK,
        name: ["네트워크 지연", "Slow network"],
        about: ["모든 응답이 2.2초 늦어집니다.", "Every answer takes 2.2 s longer."],
        turns: &["daily/api", "monthly/api-benchmark"],
        does: Effect::Network(Network::Slow(2200)),
    },
    HostFault {
        id: REPLACED,
        group: NETWORK,
        name: ["새 인스턴스로 교체", "A new instance in its place"],
        about: [
            "같은 주소에서 새 서버가 다른 호스트 키로 답합니다. 재해 복구 훈련에서 지문을 승인해 보세요.",
            "At the same address a new machine answers, with another host key. Approve it in the drill.",
        ],
        turns: &["ssh"],
        does: Effect::Replaced,
    },
];

/// The row called `id`.
pub(crate) fn named(id: &str) -> Option<&'static HostFault> {
    FAULTS.iter().find(|fault| fault.id == id)
}
