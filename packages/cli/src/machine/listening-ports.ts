/** TCP ports that somebody listens on, from the text of /proc/PID/net/tcp. */
export function listeningPorts(table: string): readonly number[] {
	const LISTEN = "0A";
	return table.split("\n").flatMap((line) => {
		const [, local = "", , state] = line.trim().split(/\s+/);
		return state === LISTEN ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
	});
}
