#!/bin/sh
# Makes the secrets that compose.yaml needs and that can be made: the database's password and the data key. Then it
# names the files that you must write for each chat: secrets.sh slack, secrets.sh teams, or secrets.sh slack teams.
# Run it again after you have written them; it never changes a secret that is there.
set -eu
[ $# -gt 0 ] || set -- slack
wanted=
for chat in "$@"; do
  case $chat in
    slack) wanted="$wanted slack-bot-token slack-app-token" ;;
    teams) wanted="$wanted teams-app-password" ;;
    *) echo "There is no chat called $chat here. Expected: slack, teams, or both." && exit 2 ;;
  esac
done
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets
container_user=10001 # as in ../docker/Dockerfile

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }

if [ ! -s database-password ]; then
  rm -f database-url
  random | tr -d '=' > database-password
fi
[ -s database-url ] || printf 'postgresql://signpost:%s@database/signpost' "$(cat database-password)" > database-url
[ -s data-key ] || random > data-key

missing=
for name in $wanted; do
  [ -s "$name" ] || missing="$missing $PWD/$name"
done
chmod 700 .
chmod 400 ./*
if [ "$(id -u)" = 0 ]; then
  chown "$container_user" ./*
else
  echo "Hand the files to the user inside the container: sudo chown $container_user $PWD/*"
fi
echo "Keep a copy of $PWD/data-key elsewhere: without it nobody can read what the database holds."
if [ -n "$missing" ]; then
  echo "Still to be written, each with one secret in it:$missing"
  exit 1
fi
