"""voiceclone: cloned voices on Volcengine, Coze, Qiniu and Kling as Pulumi resources."""

__version__ = "0.1.0"
