"""Security of the single server's buckets: every control of the checklist that applies, named by its id."""

from __future__ import annotations

import pytest
from aws_mocks import statements
from mocks import Recorder


@pytest.mark.parametrize("bucket", ["access-logs", "bundles", "backups"])
class TestBuckets:
    def test_s3_1_and_s3_8_no_public_access(self, found: Recorder, bucket: str) -> None:
        block = found.one(f"shop-{bucket}-public-access").inputs
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert [block[name] for name in names] == [True] * 4

    def test_s3_12_no_access_lists(self, found: Recorder, bucket: str) -> None:
        assert found.one(f"shop-{bucket}-ownership").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}

    def test_s3_14_versions_are_kept(self, found: Recorder, bucket: str) -> None:
        versioning = found.one(f"shop-{bucket}-versioning").inputs["versioningConfiguration"]
        assert versioning == {"status": "Enabled"}

    def test_s3_10_and_s3_13_old_versions_and_aborted_uploads_end(self, found: Recorder, bucket: str) -> None:
        rules = {rule["id"]: rule for rule in found.one(f"shop-{bucket}-lifecycle").inputs["rules"]}
        first = rules["noncurrent-versions"]
        assert first["status"] == "Enabled"
        assert first["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
        assert first["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
        assert ("expire" in rules) is (bucket != "bundles")

    def test_s3_17_encrypted_with_the_key_but_access_logs_with_s3s_own(self, found: Recorder, bucket: str) -> None:
        (rule,) = found.one(f"shop-{bucket}-encryption").inputs["rules"]
        default = rule["applyServerSideEncryptionByDefault"]
        if bucket == "access-logs":
            assert default == {"sseAlgorithm": "AES256"}
        else:
            assert default == {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": found.one("shop-data-volume").inputs["kmsKeyId"],
            }
            assert rule["bucketKeyEnabled"] is True

    def test_s3_5_nothing_without_tls_1_2(self, found: Recorder, bucket: str) -> None:
        policy = statements(found.one(f"shop-{bucket}-policy").inputs["policy"])
        arn = f"arn:aws:s3:::shop-{bucket}-bucket-1234567"
        for sid, condition in {
            "DenyWithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
            "DenyOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        }.items():
            assert policy[sid]["Effect"] == "Deny"
            assert policy[sid]["Resource"] == [arn, f"{arn}/*"]
            assert policy[sid]["Condition"] == condition
        assert ("AccessLogs" in policy) is (bucket == "access-logs")

    def test_s3_9_access_is_logged(self, found: Recorder, bucket: str) -> None:
        if bucket == "access-logs":
            assert f"shop-{bucket}-logging" not in found.names()
            return
        logging = found.one(f"shop-{bucket}-logging").inputs
        assert logging["targetBucket"] == "shop-access-logs-bucket-1234567"
        assert logging["targetPrefix"] == f"shop-{bucket}/"

    def test_own_no_bucket_outside_dev_is_emptied_by_a_deletion(self, found: Recorder, bucket: str) -> None:
        item = found.one(f"shop-{bucket}-bucket").inputs
        assert item["forceDestroy"] is (item["tags"]["environment"] == "dev")
