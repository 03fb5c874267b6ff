import { bytes, type Infer, int32, object, ref, string } from "../../machinery/schema.ts";

export const ServiceReference = object("admissionregistration.v1.ServiceReference", {
	namespace: string({ required: true, pb: 1 }),
	name: string({ required: true, pb: 2 }),
	path: string({ pb: 3, nullable: true }),
	port: int32({ pb: 4, nullable: true }),
});
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const WebhookClientConfig = object("admissionregistration.v1.WebhookClientConfig", {
	url: string({ pb: 3, nullable: true }),
	service: ref(ServiceReference, { pb: 1, nullable: true }),
	caBundle: bytes({ pb: 2 }),
});
export interface WebhookClientConfig extends Infer<typeof WebhookClientConfig> {}
