#!/usr/bin/env bash
# Run by hand: uploads a batch through the gate with aws and rclone to a local S3 server, and
# compares what arrived. Installs awscli and moto into a folder of its own (about 200 MB).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet awscli 'moto[server]'
export PATH=$root/.venv/bin:$work/venv/bin:$PATH SCRUB_DATA_HOME=$work/home
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_DEFAULT_REGION=us-east-1
unset AWS_CA_BUNDLE # rclone before 1.61 cannot read it

cp -r sample_media/portfolio "$work/portfolio"
cd "$work"
scrub ./portfolio --out ./clean --quiet >/dev/null || [[ $? == 3 ]]
moto_server -p 5555 >server.log 2>&1 &
server=$!
url=http://127.0.0.1:5555
until curl --silent --output /dev/null "$url"; do kill -0 "$server"; done
aws --endpoint-url "$url" s3 mb s3://bucket

scrub gate ./clean -- aws --endpoint-url "$url" s3 sync '{data}' s3://bucket/aws --only-show-errors
remote=":s3,provider=Other,endpoint='$url',access_key_id=testing,secret_access_key=testing:bucket"
scrub gate ./clean -- rclone copy '{data}' "$remote/rclone"
for tool in aws rclone; do
    aws --endpoint-url "$url" s3 sync "s3://bucket/$tool" "back/$tool" --only-show-errors
    diff -r clean/data "back/$tool"
done
echo "aws and rclone: what arrived is the payload"
