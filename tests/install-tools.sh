#!/bin/sh
# Installs what the tests need beside Python packages: Chromium without windows, a Chinese font, the zbar library,
# poppler's tools, the web servers nginx and Caddy, OpenSSL, an SSH server, systemd's own check of its units, and strace.
# As root on Debian with apt; otherwise Chromium is Playwright's own, and the rest must be there or is named.
set -eu
python=$1

missing=""
command -v chromium-headless-shell >/dev/null || missing="$missing chromium-headless-shell"
command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
ldconfig -p | grep -q libzbar.so.0 || missing="$missing libzbar0"
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing="$missing fonts-noto-cjk fontconfig"
PATH=$PATH:/usr/sbin # where Debian keeps servers, and not everybody looks
command -v nginx >/dev/null || missing="$missing nginx-light"
command -v caddy >/dev/null || missing="$missing caddy"
command -v sshd >/dev/null || missing="$missing openssh-server"
command -v ssh >/dev/null || missing="$missing openssh-client"
command -v openssl >/dev/null || missing="$missing openssl"
command -v strace >/dev/null || missing="$missing strace"
command -v systemd-analyze >/dev/null || missing="$missing systemd"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    # shellcheck disable=SC2086  # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi

browser=chromium-headless-shell
case " $missing " in *" $browser "*) "$python" -m playwright install --only-shell chromium ;; esac
others=$(echo "$missing" | sed "s/$browser//")
[ -z "$(echo "$others" | tr -d ' ')" ] && exit 0
echo "The tests also need these Debian packages; install them and run again:$others" >&2
exit 1
