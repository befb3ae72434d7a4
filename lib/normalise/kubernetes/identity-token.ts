import { fields, items } from '../read/guards';
import type { Fields } from '../read/guards';

/** The volume that EKS' webhook adds to pods of a service account with a Pod Identity association (vpc-cni §9). */
export const IDENTITY_TOKEN = 'eks-pod-identity-token';

export const hasIdentityToken = (podSpec: Fields): boolean =>
  items(podSpec['volumes']).some((one) => fields(one)['name'] === IDENTITY_TOKEN);
