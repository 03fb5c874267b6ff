/**
 * One server for each data directory. The lock is a listening abstract socket named after the directory: the kernel
 * frees it when the process dies, however it dies, so there is no stale lock to clean.
 */
import { realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";

export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
	const server: Server = createServer((socket) => socket.destroy());
	await new Promise<void>((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			reject(error.code === "EADDRINUSE" ? new DirectoryInUse(directory) : error),
		);
		server.listen(`\0berth-store:${realpathSync(directory)}`, resolve);
	});
	server.unref();
	return {
		[Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
	};
}

export class DirectoryInUse extends Error {
	override readonly name = "DirectoryInUse";

	constructor(directory: string) {
		super(
			`data directory ${directory} is in use by another Berth server; stop it or choose another directory`,
		);
	}
}
