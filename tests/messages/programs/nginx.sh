# Prints what nginx logs when the server behind it, on port $1, fails.
printf 'pid /tmp/nginx-lab.pid; user root; master_process off; events {} http { access_log off; server { listen 127.0.0.1:12360; location / { proxy_pass http://127.0.0.1:%s; } } }' "$1" > /tmp/nginx-lab.conf
nginx -e stderr -g 'daemon off;' -c /tmp/nginx-lab.conf &
curl -s --retry 20 --retry-connrefused --retry-delay 0 --retry-max-time 3 http://127.0.0.1:12360/ > /dev/null
kill $!
wait
