#!/bin/bash
# Daily backup of the database: a gzipped SQL dump, copied to S3, kept here for seven days.
set -euo pipefail

dir=/opt/gear_freak/backups
file=$dir/postgres_$(date +%Y%m%d_%H%M%S).sql.gz
mkdir -p "$dir"
trap 'rm -f "$file.part"' EXIT

echo "$(date -Is) backup begins: $file"
docker exec gear_freak_postgres pg_dump -U postgres gear_freak | gzip >"$file.part"
mv "$file.part" "$file"
aws s3 cp "$file" "s3://gear-freak-private-storage-3059875/backups/${file##*/}" --only-show-errors
find "$dir" -name 'postgres_*.sql.gz' -mtime +7 -delete
echo "$(date -Is) backup done: $(stat -c %s "$file") bytes"
