/** Volumes whose files come from objects of the API; they change with these. */
import { mkdir } from "node:fs/promises";
import type { Volume } from "@berth/api";
import { mountMemory } from "../mounts.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { payloadOf, type SourceOptions } from "./sources.ts";
import type { VolumeKind } from "./volume-kind.ts";

export function objectFilesKind(options: SourceOptions): VolumeKind {
	return {
		applies: ({ configMap, secret, downwardAPI, projected }: Volume) =>
			(configMap ?? secret ?? downwardAPI ?? projected) !== undefined,
		readOnly: () => true,
		async setUp({ volume, scope, directory }) {
			const payload = await payloadOf(options, volume, scope);
			await mkdir(directory, { recursive: true });
			// What is secret is not written to disk.
			if (volume.secret || volume.projected) await mountMemory(directory, { mode: "755" });
			await writeAtomically(directory, payload, scope.pod.spec.securityContext?.fsGroup);
			return undefined;
		},
	};
}
