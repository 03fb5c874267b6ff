/** Definitions whose schemas could not be served are refused, and nothing new is made of a kind that is going away. */
import {
	CustomResourceDefinition,
	type CustomResourceDefinitionVersion,
	deepEqual,
	type FieldError,
	invalid,
	StatusError,
} from "@berth/api";
import { type AdmissionPlugin, isAbout } from "../admission/admission.ts";
import type { Objects } from "../store/objects.ts";
import { isTerminating } from "./definition-deletion.ts";
import { schemaChecks } from "./schema/schema-checks.ts";

export function customResourceAdmission(objects: Objects): AdmissionPlugin {
	const definitions = objects.of<CustomResourceDefinition>(CustomResourceDefinition);
	return {
		name: "CustomResourceDefinition",
		validate: (request) => {
			const { kind, object, old, operation, subresource } = request;
			if (isAbout(request, CustomResourceDefinition) && object) {
				const errors = definitionErrors(
					object as CustomResourceDefinition,
					old as CustomResourceDefinition | undefined,
				);
				const about = { group: kind.group, resource: kind.kind };
				if (errors.length) throw invalid(about, object.metadata.name, errors);
				return;
			}
			if (operation !== "CREATE" || subresource || !kind.schema.foreign) return;
			const definition = definitions.get(`${kind.plural}.${kind.group}`)?.object;
			if (definition && isTerminating(definition)) throw notAllowed(`${kind.plural}.${kind.group}`);
		},
	};
}

/** Only schemas that have changed are looked at again. */
function definitionErrors(
	definition: CustomResourceDefinition,
	old: CustomResourceDefinition | undefined,
): FieldError[] {
	return definition.spec.versions.flatMap((version, index) => {
		const before = old?.spec.versions.find(({ name }) => name === version.name);
		const root = version.schema?.openAPIV3Schema;
		if (!root || (before && isSameSchema(before, version))) return [];
		return schemaChecks(root, `spec.versions[${index}].schema.openAPIV3Schema`);
	});
}

const isSameSchema = (a: CustomResourceDefinitionVersion, b: CustomResourceDefinitionVersion): boolean =>
	deepEqual(a.schema, b.schema);

const notAllowed = (resource: string) =>
	new StatusError({
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message: `create not allowed while custom resource definition is terminating`,
		reason: "MethodNotAllowed",
		details: { kind: resource },
		code: 405,
	});
