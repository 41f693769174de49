#!/usr/bin/env python3
"""Makes the signatures of sigv4_test.cpp anew with botocore, so that they are not this project's own word. Run by hand:

    python3 -m venv venv && venv/bin/pip install botocore && venv/bin/python tests/providers/vendors/sigv4_vectors.py

Prints one line a case: name, signed headers, signature.
"""
import datetime

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SUITE = datetime.datetime(2015, 8, 30, 12, 36, 0)
NOW = datetime.datetime(2026, 11, 23, 12, 0, 0)
RUNTIME = "https://bedrock-runtime.us-east-1.amazonaws.com"
ARN = "arn%3Aaws%3Abedrock%3Aap-northeast-2%3A123456789012%3Aapplication-inference-profile%2Fabc123"

# name, time, service, region, method, address, headers, body, token, whether x-amz-content-sha256 is signed
CASES = [
    ("get-vanilla", SUITE, "service", "us-east-1", "GET", "https://example.amazonaws.com/", {}, b"", None, False),
    ("post-vanilla", SUITE, "service", "us-east-1", "POST", "https://example.amazonaws.com/", {}, b"", None, False),
    ("get-vanilla-query-order", SUITE, "service", "us-east-1", "GET",
     "https://example.amazonaws.com/?Param2=value2&Param1=value1", {}, b"", None, False),
    ("get-header-value-trim", SUITE, "service", "us-east-1", "GET", "https://example.amazonaws.com/",
     {"My-Header1": " value1", "My-Header2": ' "a   b   c"'}, b"", None, False),
    ("post-x-www-form-urlencoded", SUITE, "service", "us-east-1", "POST", "https://example.amazonaws.com/",
     {"Content-Type": "application/x-www-form-urlencoded"}, b"Param1=value1", None, False),
    ("get-utf8", SUITE, "service", "us-east-1", "GET", "https://example.amazonaws.com/\u1234", {}, b"", None, False),
    ("converse", NOW, "bedrock", "us-east-1", "POST", RUNTIME + "/model/amazon.nova-lite-v1%3A0/converse",
     {"content-type": "application/json"}, b'{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}', None, True),
    ("invoke-with-token", NOW, "bedrock", "us-east-1", "POST", RUNTIME + "/model/amazon.titan-embed-text-v2%3A0/invoke",
     {"content-type": "application/json", "accept": "application/json"}, b'{"inputText":"Hi"}', "EXAMPLETOKEN==", True),
    ("arn", NOW, "bedrock", "ap-northeast-2", "POST",
     "https://bedrock-runtime.ap-northeast-2.amazonaws.com/model/" + ARN + "/converse-stream",
     {"content-type": "application/json"}, b"{}", None, True),
    ("port-and-query", NOW, "bedrock", "us-east-1", "POST", "https://localhost:8443/model/m/converse?b=2&a=%20x&a=1",
     {"content-type": "application/json"}, b"{}", None, True),
]


def sign(time, service, region, method, url, headers, body, token, says_hash):
    botocore.auth.get_current_datetime = lambda *a, **k: time
    request = AWSRequest(method=method, url=url, headers=headers, data=body)
    auth = SigV4Auth(Credentials("AKIDEXAMPLE", SECRET, token), service, region)
    if says_hash:
        request.headers["X-Amz-Content-SHA256"] = auth.payload(request)
    auth.add_auth(request)
    fields = dict(part.split("=", 1) for part in request.headers["Authorization"].split(" ", 1)[1].split(", "))
    return fields["SignedHeaders"], fields["Signature"]


for name, *rest in CASES:
    print(name, *sign(*rest))
