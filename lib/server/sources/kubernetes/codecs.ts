/**
 * Chooses the encoding of requests and answers. An answer is decoded by its own content type, because a server may
 * always answer in JSON.
 */
import type { Message } from '../../../normalise/protobuf/message';
import type { Codec } from './codec';
import { JSON_CODEC } from './json-codec';
import { protobufCodec } from './protobuf-codec';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

/** The Accept header. JSON is always included, last: without it, a server without protobuf answers 406. */
export const acceptOf = (isProtobuf: boolean, isWatch: boolean): string =>
  isProtobuf ? `${PROTOBUF_TYPE}${isWatch ? ';stream=watch' : ''}, ${JSON_TYPE}` : JSON_TYPE;

const METADATA_LIST = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Accept header for a list of metadata only, if the server supports it. */
export const ACCEPT_METADATA_LIST = `${PROTOBUF_TYPE};${METADATA_LIST}, ${JSON_TYPE};${METADATA_LIST}, ${JSON_TYPE}`;

/** The codec for an answer with this content type. `message`: the kind's protobuf message; null if it has none. */
export const codecOf = (contentType: string | null, message: Message | null): Codec =>
  message !== null && contentType?.startsWith(PROTOBUF_TYPE) === true ? protobufCodec(message) : JSON_CODEC;
