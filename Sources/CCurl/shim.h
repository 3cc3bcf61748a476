#include <curl/curl.h>

// Options take a variable argument, which Swift cannot pass: one function for each type.
static inline CURLcode regulars_curl_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode regulars_curl_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode regulars_curl_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode regulars_curl_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
typedef size_t (*regulars_curl_reader)(char *, size_t, size_t, void *);
static inline CURLcode regulars_curl_read(CURL *handle, regulars_curl_reader value) {
  return curl_easy_setopt(handle, CURLOPT_READFUNCTION, value);
}
static inline long regulars_curl_response(CURL *handle) {
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  return code;
}
static inline CURLcode regulars_curl_begin(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
