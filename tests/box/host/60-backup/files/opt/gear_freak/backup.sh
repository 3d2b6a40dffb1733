#!/bin/bash
# Daily backup of the database: a gzipped SQL dump, kept for seven days.
set -euo pipefail

dir=/opt/gear_freak/backups
file=$dir/postgres_$(date +%Y%m%d_%H%M%S).sql.gz
mkdir -p "$dir"
trap 'rm -f "$file.part"' EXIT

echo "$(date -Is) backup begins: $file"
docker exec gear_freak_postgres pg_dump -U postgres gear_freak | gzip >"$file.part"
mv "$file.part" "$file"
find "$dir" -name 'postgres_*.sql.gz' -mtime +7 -delete
echo "$(date -Is) backup done: $(stat -c %s "$file") bytes"
