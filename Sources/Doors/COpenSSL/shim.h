#ifndef SLUICE_COPENSSL_H
#define SLUICE_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// What OpenSSL has as macros, which Swift does not import.

static const uint64_t co_op_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t co_op_no_compression = SSL_OP_NO_COMPRESSION;
static const uint64_t co_op_no_ticket = SSL_OP_NO_TICKET;
static const uint64_t co_op_ignore_unexpected_eof = SSL_OP_IGNORE_UNEXPECTED_EOF;

static inline void co_context_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }

static inline void co_context_set_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

static inline void co_context_set_session_cache_off(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int co_context_set_versions(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) == 1 && SSL_CTX_set_max_proto_version(context, highest) == 1;
}

static inline int co_context_set_groups(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_groups_list(context, names);
}

/// Takes the certificate over when it succeeds.
static inline int co_context_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add0_chain_cert(context, certificate);
}

static inline void co_context_set_name_callback(
    SSL_CTX *context, int (*callback)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(context, callback);
    SSL_CTX_set_tlsext_servername_arg(context, argument);
}

static inline int co_set_server_name(SSL *ssl, const char *name) { return (int)SSL_set_tlsext_host_name(ssl, name); }

static inline void co_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline void co_bio_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline int co_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

/// The text of a DNS name, which may hold zeros; NULL for a name of another kind.
static inline const unsigned char *co_dns_name(const GENERAL_NAMES *names, int index, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name->type != GEN_DNS) return NULL;
    *length = ASN1_STRING_length(name->d.dNSName);
    return ASN1_STRING_get0_data(name->d.dNSName);
}

static inline int co_certificate_count(const STACK_OF(X509) *chain) { return sk_X509_num(chain); }

#endif
