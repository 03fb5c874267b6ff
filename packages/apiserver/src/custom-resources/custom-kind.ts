/** A served version of a definition as a kind like any other. */
import {
	type AnyKind,
	applyDefaults,
	type CustomResourceDefinition,
	type CustomResourceDefinitionVersion,
	decodeObject,
	deepEqual,
	defineKind,
	findAll,
	type JsonSchema,
	type KubeObject,
	parseJsonPath,
	type ScalePaths,
	type StoredForm,
} from "@berth/api";
import { customColumns } from "./columns.ts";
import { type Converter, relabel } from "./conversion.ts";
import { createResourceSchema } from "./schema/resource-schema.ts";
import { resourceType } from "./schema/types.ts";

/** The kinds of an established definition, one for each served version. */
export function customKinds(definition: CustomResourceDefinition, converter: Converter): readonly AnyKind[] {
	return definition.spec.versions
		.filter((version) => version.served)
		.map((version) => customKind(definition, version, converter));
}

function customKind(
	definition: CustomResourceDefinition,
	version: CustomResourceDefinitionVersion,
	converter: Converter,
): AnyKind {
	const { group, scope } = definition.spec;
	const names = definition.status?.acceptedNames ?? definition.spec.names;
	const { subresources, schema: validation } = version;
	const root: JsonSchema = validation?.openAPIV3Schema ?? { type: "object" };
	const name = `${group.split(".").reverse().join(".")}.${version.name}.${names.kind}`;
	const deprecation = deprecationOf(definition, version);
	// The kind is needed to read what is stored in its form.
	const self: { kind?: AnyKind } = {};
	const kind = defineKind<KubeObject>({
		group,
		version: version.name,
		kind: names.kind,
		plural: names.plural,
		...(names.singular ? { singular: names.singular } : {}),
		...(names.listKind ? { listKind: names.listKind } : {}),
		...(names.shortNames ? { shortNames: names.shortNames } : {}),
		...(names.categories ? { categories: names.categories } : {}),
		scope: scope === "Cluster" ? "Cluster" : "Namespaced",
		schema: resourceType(name, root, createResourceSchema(root)),
		columns: customColumns(version.additionalPrinterColumns),
		hasGeneration: true,
		freeFinalizers: true,
		hasStatus: Boolean(subresources?.status),
		...(subresources?.scale ? { scale: scalePaths(subresources.scale) } : {}),
		selectableFields: selectableFields(version.selectableFields ?? []),
		stored: storedForm(definition, () => self.kind!, converter),
		...(deprecation ? { deprecation } : {}),
	});
	self.kind = kind;
	return kind;
}

function deprecationOf(
	{ spec }: CustomResourceDefinition,
	{ name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): string | undefined {
	if (!deprecated) return undefined;
	return deprecationWarning || `${spec.group}/${name} ${spec.names.kind} is deprecated`;
}

function scalePaths(
	scale: NonNullable<NonNullable<CustomResourceDefinitionVersion["subresources"]>["scale"]>,
): ScalePaths {
	const dotted = (path: string | undefined | null) => (path ?? "").replace(/^\./, "");
	return {
		specReplicas: dotted(scale.specReplicasPath),
		statusReplicas: dotted(scale.statusReplicasPath),
		selector: dotted(scale.labelSelectorPath),
	};
}

function selectableFields(
	fields: readonly { readonly jsonPath: string }[],
): Readonly<Record<string, (object: KubeObject) => string>> {
	const readers = fields.map(({ jsonPath }) => {
		const path = parseJsonPath(jsonPath) ?? [];
		const read = (object: KubeObject) => {
			const [value] = findAll(path, object);
			return value === undefined || value === null ? "" : String(value);
		};
		return [jsonPath.replace(/^\./, ""), read] as const;
	});
	return Object.fromEntries(readers);
}

function storedForm(
	{ spec }: CustomResourceDefinition,
	kindOf: () => AnyKind,
	converter: Converter,
): StoredForm<KubeObject> {
	const storage = spec.versions.find((version) => version.storage)?.name ?? "";
	const storageVersion = `${spec.group}/${storage}`;
	const read = (stored: KubeObject) => complete(kindOf(), relabel(stored, kindOf().apiVersion), stored);
	const readAll = async (stored: readonly KubeObject[]) => {
		const converted = await converter.convert(stored, kindOf().apiVersion);
		return converted.map((object, index) => complete(kindOf(), object, stored[index]));
	};
	return {
		kind: { group: spec.group, version: storage, plural: spec.names.plural },
		read,
		...(converter.immediate ? {} : { readAll }),
		write: converter.immediate
			? (object) => relabel(object, storageVersion)
			: async (object) => (await converter.convert([object], storageVersion))[0] ?? object,
		isOld: (stored) => stored.apiVersion !== storageVersion,
	};
}

/** What the schema of today says: fields it no longer knows are gone, and those it has gained have their defaults. */
function complete(kind: AnyKind, object: KubeObject, stored: KubeObject | undefined): KubeObject {
	const { object: pruned } = decodeObject(kind, object, { fieldValidation: "Ignore" });
	const whole = applyDefaults(kind.schema, pruned as KubeObject);
	return stored && deepEqual(whole, stored) ? stored : whole;
}
