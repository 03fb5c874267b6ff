/** What a lab must remember of itself: the request it was planned from. Written before anything is made. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LabPlan, type LabRequest, planLab } from "./plan.ts";

export interface LabAddress {
	/** Absent: the lab without a name. */
	readonly name?: string | undefined;
	readonly stateDirectory: string;
}

/** The plan of the lab that is there; undefined when there is none. */
export function findLab(address: LabAddress): LabPlan | undefined {
	// A lab of one host stands in for the directory only.
	const { directory } = planLab({ ...address, hosts: 1, network: "10.89.0" });
	try {
		const recorded = JSON.parse(readFileSync(join(directory, "lab.json"), "utf8")) as LabRequest;
		return planLab({ ...recorded, ...address });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw new Error(`${directory}/lab.json cannot be read: ${(error as Error).message}`);
	}
}

export function recordLab(plan: LabPlan): void {
	const { hosts, network, serverOptions, nodeOptions } = plan.request;
	const record = { hosts, network, serverOptions, nodeOptions };
	mkdirSync(plan.directory, { recursive: true, mode: 0o700 });
	writeFileSync(join(plan.directory, "lab.json"), `${JSON.stringify(record)}\n`);
}
