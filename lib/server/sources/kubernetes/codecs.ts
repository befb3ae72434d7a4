/**
 * The encodings of the API server's answers. The content type of the answer decides which one reads it, not what was
 * asked for: a server may answer in JSON whatever it is asked.
 */
import type { Message } from '../../../normalise/protobuf/message';
import type { Codec } from './codec';
import { JSON_CODEC } from './json-codec';
import { protobufCodec } from './protobuf-codec';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

/** What to ask for. JSON always comes last: without it, a server that lacks protobuf answers 406. */
export const acceptOf = (isProtobuf: boolean, isWatch: boolean): string =>
  isProtobuf ? `${PROTOBUF_TYPE}${isWatch ? ';stream=watch' : ''}, ${JSON_TYPE}` : JSON_TYPE;

const METADATA_LIST = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** A list of metadata alone, where the server can do that. */
export const ACCEPT_METADATA_LIST = `${PROTOBUF_TYPE};${METADATA_LIST}, ${JSON_TYPE};${METADATA_LIST}, ${JSON_TYPE}`;

/** The codec of an answer with this content type. `message`: of the kind; null for a kind that has no protobuf. */
export const codecOf = (contentType: string | null, message: Message | null): Codec =>
  message !== null && contentType?.startsWith(PROTOBUF_TYPE) === true ? protobufCodec(message) : JSON_CODEC;
