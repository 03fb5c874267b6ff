/** What Kubernetes fills in for volumes. */
import { change, fillAbsent, fillZero, mapSame } from "../fill.ts";
import { defaultFieldRef, defaultPullPolicy, defaultResourceFieldRef } from "./container-defaults.ts";
import type { Volume } from "./volume.ts";
import type { DownwardAPIVolumeFile, VolumeProjection } from "./volume-files.ts";

/** Octal 0644. */
const FILE_MODE = 420;
const TOKEN_SECONDS = 3600;
const CERTIFICATE_SECONDS = 86400;

/** A volume without a source is an empty directory. */
export function defaultVolume(volume: Volume): Volume {
	const { name: _, ...sources } = volume;
	const hasSource = Object.values(sources).some((source) => source !== undefined && source !== null);
	let whole: Volume = hasSource ? volume : { ...volume, emptyDir: {} };
	whole = change(whole, "hostPath", (source) => fillAbsent(source, { type: "" }));
	whole = change(whole, "secret", (source) => fillAbsent(source, { defaultMode: FILE_MODE }));
	whole = change(whole, "configMap", (source) => fillAbsent(source, { defaultMode: FILE_MODE }));
	whole = change(whole, "downwardAPI", (source) =>
		fillAbsent(change(source, "items", defaultFiles), { defaultMode: FILE_MODE }),
	);
	whole = change(whole, "projected", (source) =>
		fillAbsent(
			change(source, "sources", (list) => mapSame(list, defaultProjection)),
			{ defaultMode: FILE_MODE },
		),
	);
	whole = change(whole, "image", (source) =>
		fillZero(source, { pullPolicy: defaultPullPolicy(source.reference) }),
	);
	return change(whole, "ephemeral", (source) =>
		change(source, "volumeClaimTemplate", (template) =>
			change(template, "spec", (spec) => fillAbsent(spec, { volumeMode: "Filesystem" })),
		),
	);
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
	let whole = change(projection, "serviceAccountToken", (source) =>
		fillAbsent(source, { expirationSeconds: TOKEN_SECONDS }),
	);
	whole = change(whole, "podCertificate", (source) =>
		fillAbsent(source, { maxExpirationSeconds: CERTIFICATE_SECONDS }),
	);
	return change(whole, "downwardAPI", (source) => change(source, "items", defaultFiles));
}

const defaultFiles = (items: readonly DownwardAPIVolumeFile[]) =>
	mapSame(items, (item) =>
		change(change(item, "fieldRef", defaultFieldRef), "resourceFieldRef", defaultResourceFieldRef),
	);
