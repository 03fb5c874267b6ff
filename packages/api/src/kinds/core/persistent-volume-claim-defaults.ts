/** What Kubernetes fills in for claims, on their own and in stateful sets. */
import { fillAbsent, fillZero } from "../fill.ts";
import type { PersistentVolumeClaimStatus } from "./persistent-volume-claim.ts";
import type { PersistentVolumeClaimSpec } from "./persistent-volume-claim-spec.ts";

interface Claim {
	readonly spec?: PersistentVolumeClaimSpec | undefined;
	readonly status?: PersistentVolumeClaimStatus | undefined;
}

export const defaultClaim = <T extends Claim>(claim: T): T => {
	const spec = claim.spec && fillAbsent(claim.spec, { volumeMode: "Filesystem" });
	const status = fillZero<PersistentVolumeClaimStatus>(claim.status ?? {}, { phase: "Pending" });
	return spec === claim.spec && status === claim.status ? claim : { ...claim, spec, status };
};

/** The older and the newer field for what a volume starts with say the same, unless it comes from another namespace. */
export function withBothSources(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
	const { dataSource, dataSourceRef } = spec;
	if (dataSource && !dataSourceRef) return { ...spec, dataSourceRef: dataSource };
	if (!dataSourceRef || dataSource || dataSourceRef.namespace) return spec;
	const { namespace: _, ...local } = dataSourceRef;
	return { ...spec, dataSource: local };
}
