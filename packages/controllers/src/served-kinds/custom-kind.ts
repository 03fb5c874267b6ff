/** A custom resource as clients see it that know nothing of its fields. */
import { type AnyKind, type CustomResourceDefinition, untypedKind } from "@berth/api";

/** The kind that an established definition serves, in the version it is stored in where that is served; else undefined. */
export function customKind({ spec, status }: CustomResourceDefinition): AnyKind | undefined {
	const isEstablished = status?.conditions?.some(
		(condition) => condition.type === "Established" && condition.status === "True",
	);
	const served = spec.versions.filter((version) => version.served);
	const version = served.find((each) => each.storage) ?? served[0];
	if (!isEstablished || !version) return undefined;
	return untypedKind({
		group: spec.group,
		version: version.name,
		kind: status?.acceptedNames?.kind ?? spec.names.kind,
		plural: spec.names.plural,
		namespaced: spec.scope === "Namespaced",
	});
}
