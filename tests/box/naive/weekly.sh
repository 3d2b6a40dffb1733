#!/usr/bin/env bash
# The weekly check as the checklist has it: its own commands, one ssh each, and `aws` for what it asks of Amazon. For
# comparison in the benchmarks.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

amazon() {
  AWS_ACCESS_KEY_ID=box AWS_SECRET_ACCESS_KEY=box-secret-key NO_PROXY='*' "$BOX_DIR/cloud/python/bin/aws" \
    --endpoint-url "http://127.0.0.1:$(<"$BOX_DIR/cloud/port")" --region ap-northeast-2 "$@"
}
psql() { printf "docker exec gear_freak_postgres psql -U postgres -d gear_freak -c \"%s\"" "$1"; }

remote 'ls -lht /opt/gear_freak/backups/ | head -8'
amazon s3 ls s3://gear-freak-private-storage-3059875/backups/ --recursive | tail -10
remote 'sudo certbot certificates'
remote 'systemctl status certbot-renew.timer || true'
remote 'cd /opt/gear_freak && docker-compose logs --since 7d serverpod 2>&1 | grep -i error | wc -l'
remote "cd /opt/gear_freak && docker-compose logs --since 7d serverpod 2>&1 | grep -i error | awk '{print \$5, \$6, \$7}' | sort | uniq -c | sort -nr | head -10"
remote "sudo cat /var/log/nginx/api.gear-freaks.com.access.log | awk '{print \$1}' | sort | uniq -c | sort -nr | head -20"
remote "$(psql "SELECT pg_size_pretty(pg_database_size('gear_freak')) AS db_size;")"
remote "$(psql "SELECT tablename, pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename)) AS size FROM pg_tables WHERE schemaname='public' ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC LIMIT 10;")"
remote "$(psql "SELECT calls, total_exec_time, mean_exec_time, query FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 5;")"
remote "sudo journalctl -u ssh --since '7 days ago' | grep -i 'failed\|invalid' | tail -20 || true"
remote 'sudo fail2ban-client status sshd'
amazon ec2 describe-security-groups --group-ids "$(sed -n 's/^security_group = "\(.*\)"/\1/p' "$BOX_OUT/bot.toml")"
