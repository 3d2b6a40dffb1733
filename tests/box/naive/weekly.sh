#!/usr/bin/env bash
# The weekly check as the checklist has it: its own commands, one ssh each; what it asks of Amazon is left out, since there
# is no `aws` here. For comparison in the benchmarks.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

psql() { printf "docker exec gear_freak_postgres psql -U postgres -d gear_freak -c \"%s\"" "$1"; }

remote 'ls -lht /opt/gear_freak/backups/ | head -8'
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
