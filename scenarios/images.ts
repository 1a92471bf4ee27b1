/** The images of the services that scenarios start, for worlds in containers. */
import type { ServiceImage } from 'shaketable';

/** The reference server. */
export const referenceImage: ServiceImage = {
  name: 'shaketable/server',
  dockerfile: 'services/Dockerfile',
  sources: ['services', '.dockerignore'],
  port: 5000,
};

export const images: readonly ServiceImage[] = [referenceImage];
