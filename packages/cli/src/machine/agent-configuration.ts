/** The agent's configuration file: YAML or JSON, with a kubelet's names. */
import { readFile } from "node:fs/promises";
import { type KubeletConfiguration, kubeletConfiguration } from "@berth/agent";
import { parse } from "yaml";
import { Failure } from "../failure.ts";

/** Throws a Failure that says what is wrong with the file. */
export async function readAgentConfiguration(file: string): Promise<KubeletConfiguration> {
	try {
		return kubeletConfiguration(parse(await readFile(file, "utf8"), { maxAliasCount: 10 }));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Failure(
			`the agent's configuration ${file} cannot be used: ${reason}`,
			"it is a KubeletConfiguration of kubelet.config.k8s.io/v1beta1",
		);
	}
}
