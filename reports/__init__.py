"""Manifest, audit log and what is made from them: each artefact's writer and reader."""

__stamp__ = "prescrub-0.1.0"
