/** What a definition says where its author says nothing. */
import type { CustomResourceDefinition } from "./custom-resource-definition.ts";

const HTTPS = 443;

export function withDefinitionDefaults(definition: CustomResourceDefinition): CustomResourceDefinition {
	const { spec } = definition;
	if (!spec?.names) return definition;
	const { names } = spec;
	const conversion = spec.conversion?.strategy ? spec.conversion : { strategy: "None", ...spec.conversion };
	const service = conversion.webhook?.clientConfig?.service;
	const withPort = service && {
		webhook: {
			...conversion.webhook,
			conversionReviewVersions: conversion.webhook?.conversionReviewVersions ?? [],
			clientConfig: {
				...conversion.webhook?.clientConfig,
				service: { ...service, port: service.port ?? HTTPS },
			},
		},
	};
	return {
		...definition,
		spec: {
			...spec,
			names: {
				...names,
				singular: names.singular || names.kind?.toLowerCase(),
				listKind: names.listKind || (names.kind ? `${names.kind}List` : ""),
			},
			conversion: { ...conversion, ...withPort },
		},
	};
}

/** Objects may be kept in the storage version from now on. */
export function withStoredVersions(definition: CustomResourceDefinition): CustomResourceDefinition {
	const storage = definition.spec.versions?.find((version) => version.storage)?.name;
	const { status } = definition;
	const stored = status?.storedVersions ?? [];
	if (storage === undefined || stored.includes(storage)) return definition;
	return { ...definition, status: { ...status, storedVersions: [...stored, storage] } };
}
