/** Definitions for tests. */

export interface Made {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: { readonly name: string };
	readonly spec: Record<string, unknown>;
}

/** A definition of `Widget` in `group`; `schema` is that of the spec, `version` what else its one version says. */
export function widgetDefinition(
	schema: object = { type: "object", "x-kubernetes-preserve-unknown-fields": true },
	version: object = {},
	{ group = "example.com", scope = "Namespaced" }: { group?: string; scope?: string } = {},
): Made {
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: `widgets.${group}` },
		spec: {
			group,
			scope,
			names: { plural: "widgets", kind: "Widget", shortNames: ["wi"], categories: ["all"] },
			versions: [
				{
					name: "v1",
					served: true,
					storage: true,
					schema: {
						openAPIV3Schema: {
							type: "object",
							properties: {
								spec: schema,
								status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
							},
						},
					},
					...version,
				},
			],
		},
	};
}

export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
export const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

export const widget = (name: string, spec: object, more: object = {}) => ({
	apiVersion: "example.com/v1",
	kind: "Widget",
	metadata: { name },
	spec,
	...more,
});
