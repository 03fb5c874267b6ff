import { bytes, type Infer, int32, object, ref, string } from "../../machinery/schema.ts";

export const ServiceReference = object(
	"admissionregistration.v1.ServiceReference",
	{
		namespace: string({ required: true, pb: 1, doc: "Namespace of the service." }),
		name: string({ required: true, pb: 2, doc: "Name of the service." }),
		path: string({ pb: 3, nullable: true, doc: "Path of its URL." }),
		port: int32({ pb: 4, nullable: true, doc: "Port of the service; 443 by default." }),
	},
	"A service of the cluster.",
);
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const WebhookClientConfig = object(
	"admissionregistration.v1.WebhookClientConfig",
	{
		url: string({ pb: 3, nullable: true, doc: "Its URL; https." }),
		service: ref(ServiceReference, {
			pb: 1,
			nullable: true,
			doc: "Service of the cluster that it is behind.",
		}),
		caBundle: bytes({ pb: 2, doc: "Authorities of its certificate, PEM." }),
	},
	"Where a webhook is.",
);
export interface WebhookClientConfig extends Infer<typeof WebhookClientConfig> {}
