/** A lab's state as a table. Pure. */
import { renderTable } from "../render-table.ts";
import type { HostStatus } from "./lab.ts";

export function renderStatus(hosts: readonly HostStatus[]): string {
	const rows = hosts.map(({ host, up, cable, daemons }) => [
		host.name,
		host.address,
		up ? (cable === "out" ? "up, cut off" : "up") : "down",
		daemons.map(({ name, running, memory }) => describeDaemon(name, running, memory)).join(", "),
	]);
	return renderTable([["HOST", "ADDRESS", "STATE", "DAEMONS"], ...rows]);
}

function describeDaemon(name: string, running: boolean, memory: number | undefined): string {
	if (!running) return `${name} stopped`;
	return memory === undefined ? name : `${name} ${Math.round(memory / 2 ** 20)} MiB`;
}
