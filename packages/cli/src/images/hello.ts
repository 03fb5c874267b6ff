/** The shell scripts of the hello image, as text. */

/** The image's command. After SIGTERM it goes on for a moment: proxies need time to learn that the pod is leaving. */
export const HELLO = `#!/bin/sh
# Serves on PORT (8080) until SIGTERM, and then for DRAIN (2) more seconds.
busybox httpd -f -p "\${PORT:-8080}" -h /www &
server=$!
trap 'sleep "\${DRAIN:-2}"; kill $server; exit 0' TERM INT
echo "hello $(cat /etc/hello-version) listens on port \${PORT:-8080}"
while kill -0 $server 2>/dev/null; do wait $server; done
`;

/** Pages by their file name below /cgi-bin; \`index.cgi\` is also the front page. */
export const HELLO_PAGES: Readonly<Record<string, string>> = {
	"index.cgi": page('echo "hello from $(hostname), version $(cat /etc/hello-version)"'),
	/** Who asks, as this server sees it. */
	client: page('echo "$REMOTE_ADDR"'),
	env: page("env | sort"),
	/** For readiness probes: make /tmp/not-ready to take the pod out of its services. */
	ready: `#!/bin/sh
if [ -e /tmp/not-ready ]; then printf 'Status: 503 Service Unavailable\\r\\n'; fi
printf 'Content-Type: text/plain\\r\\n\\r\\n'
if [ -e /tmp/not-ready ]; then echo "not ready"; else echo ready; fi
`,
};

function page(command: string): string {
	return `#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\n${command}\n`;
}
