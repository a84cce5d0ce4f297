/** The image that mover pods run, unless a service is configured with another. tools/mover-image.ts builds it. */
export const MOVER_IMAGE = 'godwit/mover:0.1.0';
