# 백업과 데이터베이스 점검이 말하는 것

probe-backups-no-folder = 백업 폴더를 볼 수 없습니다: { $folder }
probe-backups-unread = 백업을 다 확인하지 못했습니다: { $folder }
probe-backups-none = { $folder }에 백업이 없습니다
probe-backups-missing = 온전한 백업이 없는 날 { $count }일: { $names }
probe-backups-broken = 비었거나 잘렸거나 끝까지 쓰이지 않은 백업 { $count }개: { $names }
probe-backups-odd = 크기가 다른 날과 크게 다른 백업 { $count }개: { $names }
probe-backups-copied = 다른 날과 내용이 똑같은 백업 { $count }개: { $names }
probe-backups-misdated = 이름의 날짜와 파일 시각이 다른 백업 { $count }개: { $names }
probe-backups-stale = 지워졌어야 할 백업 { $count }개: { $names }
probe-backups-newest = { $age } 전, { $size } ({ $name })
probe-backups-foreign = 이름이 { $name } 형식이 아닌 파일 { $count }개는 세지 않았습니다

probe-schedule-unread = cron 설정을 확인하지 못했습니다
probe-schedule-missing = crontab에 { $command } 줄이 없습니다
probe-schedule-other = 예정 시각이 다릅니다 (기준 { $at }): { $line }
probe-schedule-daemon = { $of } 데몬이 실행 중이 아닙니다
probe-schedule-script = 스크립트를 실행할 수 없습니다: { $of } ({ $state })
probe-schedule-log = 로그에 쓸 수 없습니다: { $of } ({ $state })
probe-schedule-never = 실행 기록이 없습니다: { $log }
probe-schedule-no-keep = 스크립트에서 보관 기간을 찾을 수 없습니다

probe-postgres-refused = PostgreSQL이 응답하지 않았습니다: { $cause }
probe-postgres-no-statements = pg_stat_statements가 켜져 있지 않습니다. shared_preload_libraries에 넣고 재시작한 뒤 CREATE EXTENSION pg_stat_statements를 실행합니다
probe-postgres-mean = 평균 { $mean } ({ $calls }회)
probe-postgres-no-plan = 실행 계획을 읽을 수 없습니다
