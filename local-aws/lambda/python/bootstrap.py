"""Runs inside a Python function's process: loads the handler, gets events over Node's channel, and answers with its result or error."""
import builtins
import importlib
import io
import json
import logging
import os
import socket
import sys
import threading
import time
import traceback

channel = socket.socket(fileno=int(os.environ.pop('NODE_CHANNEL_FD')))
os.environ.pop('NODE_CHANNEL_SERIALIZATION_MODE', None)
lines = channel.makefile('r', encoding='utf-8', newline='\n')
lock = threading.Lock()
sleeping = threading.Lock()
wall = time.time
offset = 0.0


def send(message):
    with lock:
        channel.sendall((json.dumps(message) + '\n').encode())


def receive():
    line = lines.readline()
    # The local AWS has ended.
    if not line:
        os._exit(0)
    return json.loads(line)


def set_time(now):
    global offset
    offset = now / 1000 - wall()


builtins._local_aws_refused = lambda what: send({'refused': what})
time.time = lambda: wall() + offset
time.time_ns = lambda: int(time.time() * 1e9)
real_sleep = time.sleep


def sleep(seconds):
    """Long sleeps are of virtual time: the world goes on meanwhile. Shorter ones nobody notices."""
    if seconds < 1:
        return real_sleep(seconds)
    with sleeping:
        send({'sleep': (time.time() + seconds) * 1000})
        set_time(receive()['now'])


time.sleep = sleep
request_id = ''


class Lines(io.TextIOBase):
    def __init__(self):
        self.rest = ''

    def writable(self):
        return True

    def write(self, text):
        *whole, self.rest = (self.rest + text).split('\n')
        for line in whole:
            if line:
                send({'log': line})
        return len(text)

    def flush(self):
        if self.rest:
            send({'log': self.rest})
            self.rest = ''


sys.stdout = sys.stderr = Lines()


class LogHandler(logging.StreamHandler):
    def format(self, record):
        stamp = time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))
        return f'[{record.levelname}]\t{stamp}.{int(record.msecs):03d}Z\t{request_id}\t{super().format(record)}'


logging.getLogger().addHandler(LogHandler(sys.stdout))


class Context:
    def __init__(self, given, deadline):
        self.aws_request_id = given['awsRequestId']
        self.invoked_function_arn = given['invokedFunctionArn']
        self.function_name = os.environ['AWS_LAMBDA_FUNCTION_NAME']
        self.function_version = '$LATEST'
        self.memory_limit_in_mb = os.environ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
        self.log_group_name = os.environ['AWS_LAMBDA_LOG_GROUP_NAME']
        self.log_stream_name = os.environ['AWS_LAMBDA_LOG_STREAM_NAME']
        self.identity = None
        self.client_context = None
        self._deadline = deadline

    def get_remaining_time_in_millis(self):
        return max(int((self._deadline - time.time()) * 1000), 0)


def load():
    module, _, name = os.environ['_HANDLER'].rpartition('.')
    sys.path.insert(0, os.environ['LAMBDA_TASK_ROOT'])
    return getattr(importlib.import_module(module.replace('/', '.')), name)


handler = None
while True:
    message = receive()
    set_time(message['now'])
    given = message['context']
    request_id = given['awsRequestId']
    try:
        if handler is None:
            handler = load()
        value = handler(message['event'], Context(given, time.time() + given['timeoutMs'] / 1000))
        sys.stdout.flush()
        result = {'payload': json.loads(json.dumps(value))}
    except BaseException as error:  # A handler that calls sys.exit has failed, too.
        name = 'Runtime.ImportModuleError' if handler is None and isinstance(error, ImportError) else type(error).__name__
        text = str(error)
        if isinstance(error, ImportError) and (error.name or '').split('.')[0] in ('boto3', 'botocore'):
            text += f": Lambda's runtime has it. Install it for {sys.executable}, or start the local AWS in a virtual environment that has it"
        traceback.print_exc()
        sys.stdout.flush()
        result = {'error': {'errorType': name, 'errorMessage': text, 'trace': traceback.format_exc().split('\n')}}
    send({'result': result})
