/** An Ingress that names no class gets the default one, when it is made. */
import { Ingress, IngressClass } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, isAbout } from "./admission.ts";

/** How a class was named before there was a field for it. */
const NAMED = "kubernetes.io/ingress.class";
const IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

export function defaultIngressClass(objects: Objects): AdmissionPlugin {
	return {
		name: "DefaultIngressClass",
		admit: (request) => {
			if (!isAbout(request, Ingress) || request.operation !== "CREATE" || request.subresource)
				return undefined;
			const ingress = request.object as Ingress;
			if (typeof ingress.spec?.ingressClassName === "string") return undefined;
			if (ingress.metadata.annotations?.[NAMED] !== undefined) return undefined;
			const classes = objects.of<IngressClass>(IngressClass).list();
			const found = newestDefault(classes.map(({ object }) => object));
			return found && { ...ingress, spec: { ...ingress.spec, ingressClassName: found.metadata.name } };
		},
	};
}

/** Of several defaults the one made last; of those made in one second the first by name. */
function newestDefault(classes: readonly IngressClass[]): IngressClass | undefined {
	const byAge = (a: IngressClass, b: IngressClass) =>
		Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp);
	const byName = (a: IngressClass, b: IngressClass) => (a.metadata.name < b.metadata.name ? -1 : 1);
	return classes
		.filter(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === "true")
		.sort((a, b) => byAge(a, b) || byName(a, b))[0];
}
