"""Files: what systemd, nginx and Caddy are told of a host, for the operator to put where they look."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starcert import headers
from starcert.host import former
from starcert.problems import Mistake
from starcert.register import Register

CRLF = set("\r\n\"'\\%${}")
"""Characters that one of these programs would read as something else in a path."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the files name: the register, the site, the repository, its owner, and the program that publishes."""

    register: Register
    site: Path
    repository: Path
    owner: str
    python: Path
    program: Path


def written(kind: str, facts: Facts) -> str:
    """The file of one of KINDS; Mistake where the register or a path does not let it be written."""
    if facts.register.root != "/":
        raise Mistake(f"{facts.register.address} is not the root of a host, which these files are for.")
    for path in (facts.site, facts.repository, facts.python, facts.program):
        if CRLF & set(str(path)) or " " in str(path):
            raise Mistake(
                f"{path} holds a character that systemd, nginx or Caddy would misread: choose a plainer path."
            )
    return KINDS[kind](facts)


def _service(facts: Facts) -> str:
    return f"""\
# starcert.service: the register is brought to its newest commit and to today.
[Unit]
Description=Publish {facts.register.host}

[Service]
Type=oneshot
User={facts.owner}
ExecStart={facts.python} {facts.program} host publish {facts.repository} --timer
TimeoutStartSec=1h
Environment=LANG=C.UTF-8
UMask=0022
# It writes the repository and the folder that the site lies in, and nothing else.
ProtectSystem=strict
ReadWritePaths={facts.repository} {facts.site.parent}
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""


def _timer(facts: Facts) -> str:
    return f"""\
# starcert.timer: just after midnight in China, when certificates lapse, and each hour.
[Unit]
Description=Publish {facts.register.host} on each new day

[Timer]
OnCalendar=*-*-* 00:00:30 Asia/Shanghai
OnCalendar=hourly
AccuracySec=1s
Persistent=true

[Install]
WantedBy=timers.target
"""


def _nginx(facts: Facts) -> str:
    searching = "\n".join(f'    ~^/{path} "{headers.SEARCH_POLICY}";' for path in headers.SEARCH)
    always = "\n".join(f'    add_header {name} "{value}" always;' for name, value in headers.ALWAYS.items())
    https = "\n".join(f'    # add_header {name} "{value}" always;' for name, value in headers.HTTPS_ONLY.items())
    return f"""\
# nginx: {facts.register.host}. certbot --nginx -d {facts.register.host} adds https and sends http there.
map $uri $starcert_policy {{
    default "{headers.POLICY}";
{searching}
}}
map $uri $starcert_caching {{
    default "{headers.ASK}";
    ~^/{headers.ASSETS} "{headers.KEEP}";
}}
server {{
    listen 80;
    listen [::]:80;
    server_name {facts.register.host};
    root {facts.site};
    index index.html;
    charset utf-8;
    absolute_redirect off;
    server_tokens off;
    etag on;

    add_header Content-Security-Policy $starcert_policy always;
    add_header Cache-Control $starcert_caching always;
{always}
    # Once the register will be on https for good:
{https}

    gzip on;
    gzip_vary on;
    gzip_min_length 512;
    gzip_comp_level 6;
    gzip_types text/css text/xml application/javascript text/javascript application/json application/xml
        application/atom+xml application/manifest+json image/svg+xml text/plain;
    # With the package libnginx-mod-http-brotli-filter: brotli on; brotli_types as gzip_types above.

    error_page 403 404 =404 /404.html;

    location / {{
        try_files $uri $uri/ =404;
    }}
    location ~ /\\. {{
        return 404;
    }}
    location ^~ /.well-known/ {{
        try_files $uri =404;
    }}
    location = /manifest.webmanifest {{
        types {{ }}
        default_type application/manifest+json;
    }}
    # Not try_files, which looks first and opens later: the site may be exchanged in between.
    location ^~ /{headers.ASSETS} {{
        error_page 403 404 = @former;
        log_not_found off;
        recursive_error_pages on;
    }}
    location @former {{
        root {former.beside(facts.site)};
    }}
}}
"""


def _caddy(facts: Facts) -> str:
    searching = "|".join(path.rstrip("/") for path in headers.SEARCH)
    always = "\n".join(f'        {name} "{value}"' for name, value in headers.ALWAYS.items())
    https = "\n".join(f'        # {name} "{value}"' for name, value in headers.HTTPS_ONLY.items())
    return f"""\
# Caddy: {facts.register.host}. It gets the certificate for https itself, and sends http there.
{facts.register.host} {{
    encode zstd gzip
    header {{
{always}
        # Once the register will be on https for good:
{https}
    }}
    header -Server
    route {{
        root * {facts.site}
        @former {{
            path_regexp ^/{headers.ASSETS}
            not file
        }}
        root @former {former.beside(facts.site)}

        header Content-Security-Policy "{headers.POLICY}"
        @searching path_regexp ^/({searching})/
        header @searching Content-Security-Policy "{headers.SEARCH_POLICY}"

        header Cache-Control "{headers.ASK}"
        @kept {{
            path_regexp ^/{headers.ASSETS}
            file
        }}
        header @kept Cache-Control "{headers.KEEP}"

        header /manifest.webmanifest Content-Type application/manifest+json

        @hidden path_regexp /\\.
        error @hidden 404
        # Also when the site is exchanged after the look above.
        @assets path_regexp ^/{headers.ASSETS}
        file_server @assets {{
            root {facts.site}
            pass_thru
        }}
        root @assets {former.beside(facts.site)}
        file_server
    }}
    handle_errors {{
        root * {facts.site}
        header -Server
        request_header -If-None-Match
        request_header -If-Modified-Since
        request_header -Range
        rewrite * /404.html
        file_server {{
            status 404
        }}
    }}
}}
"""


KINDS: dict[str, Callable[[Facts], str]] = {"service": _service, "timer": _timer, "nginx": _nginx, "caddy": _caddy}
