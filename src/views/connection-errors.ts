/** What kept a connection from being made, or broke it. */
type Trouble =
  | 'no_such_host'
  | 'refused'
  | 'no_way'
  | 'broken'
  | 'unknown_issuer'
  | 'other_name'
  | 'out_of_date'
  | 'no_tls';

/** Codes of Node.js and OpenSSL. */
const troubles = new Map<string, Trouble>([
  ['ENOTFOUND', 'no_such_host'],
  ['EAI_AGAIN', 'no_such_host'],
  ['ECONNREFUSED', 'refused'],
  ['ETIMEDOUT', 'no_way'],
  ['EHOSTUNREACH', 'no_way'],
  ['ENETUNREACH', 'no_way'],
  ['ECONNRESET', 'broken'],
  ['ECONNABORTED', 'broken'],
  ['EPIPE', 'broken'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown_issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unknown_issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_issuer'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown_issuer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown_issuer'],
  ['CERT_UNTRUSTED', 'unknown_issuer'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'other_name'],
  ['CERT_HAS_EXPIRED', 'out_of_date'],
  ['CERT_NOT_YET_VALID', 'out_of_date'],
  ['EPROTO', 'no_tls'],
]);

/** `at`: the variable that names the address, and its host. `proof`: the code in brackets. */
const words: Record<Trouble, (at: string, proof: string) => { what: string; next: string }> = {
  no_such_host: (at, proof) => ({
    what: `The host of ${at} was not found${proof}`,
    next: 'Check how the name is spelled, and DNS on the app’s server. If it needs a proxy, set HTTPS_PROXY.',
  }),
  refused: (at, proof) => ({
    what: `The host of ${at} refused the connection${proof}`,
    next: 'Check the address and its port, and that HaloPSA is up. If the app’s server needs a proxy, set HTTPS_PROXY.',
  }),
  no_way: (at, proof) => ({
    what: `The host of ${at} could not be reached${proof}`,
    next: 'Check that HaloPSA is up, and the firewall of the app’s server. If it needs a proxy, set HTTPS_PROXY.',
  }),
  broken: (at, proof) => ({
    what: `The connection to ${at} was interrupted${proof}`,
    next: 'Try again. If this keeps happening, find out what in the network ends the connections.',
  }),
  unknown_issuer: (at, proof) => ({
    what: `The certificate of ${at} couldn’t be verified${proof}`,
    next: 'HaloPSA’s server must send its whole certificate chain. For a private certificate authority, set NODE_EXTRA_CA_CERTS to the path of its certificate and restart the app.',
  }),
  other_name: (at, proof) => ({
    what: `The certificate of ${at} is for another host name${proof}`,
    next: 'Use the host name in the certificate, or get a certificate for this one.',
  }),
  out_of_date: (at, proof) => ({
    what: `The certificate of ${at} is not valid now${proof}`,
    next: 'Renew the certificate, and check the clock on the app’s server.',
  }),
  no_tls: (at, proof) => ({
    what: `No https connection to ${at} was possible${proof}`,
    next: 'Check the port of the address, and that it’s an https port.',
  }),
};

/** Why there was no answer, as far as its code says. */
export function explainConnection(code: string | undefined, at: string): { what: string; next: string } {
  const proof = code === undefined ? '' : ` (${code})`;
  const known = troubles.get(code ?? '') ?? ((code ?? '').startsWith('ERR_SSL_') ? 'no_tls' : undefined);
  return known === undefined
    ? {
        what: `HaloPSA could not be reached${proof}`,
        next: 'Check that HaloPSA is up, then try again.',
      }
    : words[known](at, proof);
}
