import { request } from "node:http";

/** Resolves when a Docker Engine answers at the socket; rejects with the error of the connection, or after 5 s. */
export function pingDocker(socketPath: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const ping = request({ socketPath, path: "/_ping", timeout: 5_000 }, (answer) => {
			answer.resume();
			if (answer.statusCode === 200) resolve();
			else reject(new Error(`it answers with status ${answer.statusCode}`));
		});
		ping.on("timeout", () => ping.destroy(new Error("no answer for 5 s")));
		ping.on("error", reject);
		ping.end();
	});
}
